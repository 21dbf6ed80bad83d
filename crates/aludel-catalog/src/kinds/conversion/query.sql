SELECT 2607, c.oid, 0, NULL, n.nspname, '', c.conname, '', pg_catalog.pg_get_userbyid(c.conowner), d.description,
    NULL, NULL,
    c.condefault, pg_catalog.pg_encoding_to_char(c.conforencoding), pg_catalog.pg_encoding_to_char(c.contoencoding),
    c.conproc::regproc
FROM pg_catalog.pg_conversion c
JOIN pg_catalog.pg_namespace n ON n.oid = c.connamespace
LEFT JOIN pg_catalog.pg_description d ON d.objoid = c.oid AND d.classoid = 2607 AND d.objsubid = 0
WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
