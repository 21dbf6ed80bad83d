SELECT 2615, n.oid, 0, NULL, '', '', n.nspname, '', pg_catalog.pg_get_userbyid(n.nspowner), d.description,
    n.nspacl, CASE WHEN n.nspacl IS NOT NULL THEN pg_catalog.acldefault('n', n.nspowner) END
FROM pg_catalog.pg_namespace n
LEFT JOIN pg_catalog.pg_description d ON d.objoid = n.oid AND d.classoid = 2615 AND d.objsubid = 0
WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
