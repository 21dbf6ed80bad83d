SELECT 3079, e.oid, 0, NULL, '', '', e.extname, '', NULL, d.description, NULL, NULL,
    n.nspname, e.extversion,
    e.extversion = (SELECT a.default_version FROM pg_catalog.pg_available_extensions() a WHERE a.name = e.extname),
    ARRAY(SELECT p.target FROM pg_catalog.pg_extension_update_paths(e.extname) p
        WHERE p.source = e.extversion AND p.path IS NOT NULL)
FROM pg_catalog.pg_extension e
JOIN pg_catalog.pg_namespace n ON n.oid = e.extnamespace
LEFT JOIN pg_catalog.pg_description d ON d.objoid = e.oid AND d.classoid = 3079 AND d.objsubid = 0
WHERE e.extname <> 'plpgsql'
