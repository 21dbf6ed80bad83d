SELECT 3256, p.oid, 0, NULL, n.nspname, c.relname, p.polname, '', NULL, d.description, NULL, NULL,
    p.polcmd, p.polpermissive,
    ARRAY(SELECT CASE WHEN role = 0 THEN '' ELSE pg_catalog.pg_get_userbyid(role) END
        FROM pg_catalog.unnest(p.polroles) role ORDER BY 1)::text[],
    pg_catalog.pg_get_expr(p.polqual, p.polrelid), pg_catalog.pg_get_expr(p.polwithcheck, p.polrelid)
FROM pg_catalog.pg_policy p
JOIN pg_catalog.pg_class c ON c.oid = p.polrelid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_catalog.pg_description d ON d.objoid = p.oid AND d.classoid = 3256 AND d.objsubid = 0
WHERE c.relkind IN ('r', 'p') AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
