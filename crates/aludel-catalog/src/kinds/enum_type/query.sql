SELECT 1247, t.oid, 0, pg_catalog.concat('1247:', t.typarray), n.nspname, '', t.typname, '',
    pg_catalog.pg_get_userbyid(t.typowner), d.description,
    t.typacl, CASE WHEN t.typacl IS NOT NULL THEN pg_catalog.acldefault('T', t.typowner) END,
    ARRAY(SELECT e.enumlabel FROM pg_catalog.pg_enum e WHERE e.enumtypid = t.oid ORDER BY e.enumsortorder)::text[]
FROM pg_catalog.pg_type t
JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
LEFT JOIN pg_catalog.pg_description d ON d.objoid = t.oid AND d.classoid = 1247 AND d.objsubid = 0
WHERE t.typtype = 'e' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
