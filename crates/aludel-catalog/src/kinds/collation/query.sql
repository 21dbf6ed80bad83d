SELECT 3456, c.oid, 0, NULL, n.nspname, '', c.collname, '', pg_catalog.pg_get_userbyid(c.collowner), d.description,
    NULL, NULL,
    c.collprovider, c.collisdeterministic,
    coalesce(pg_catalog.to_jsonb(c) ->> 'colllocale', pg_catalog.to_jsonb(c) ->> 'colliculocale'),
    c.collcollate, c.collctype, pg_catalog.to_jsonb(c) ->> 'collicurules'
FROM pg_catalog.pg_collation c
JOIN pg_catalog.pg_namespace n ON n.oid = c.collnamespace
LEFT JOIN pg_catalog.pg_description d ON d.objoid = c.oid AND d.classoid = 3456 AND d.objsubid = 0
WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
