SELECT 1259, c.oid, -1, NULL, n.nspname, '', c.relname, '', NULL, NULL, NULL, NULL,
    tn.nspname, tc.relname, ta.attname
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_depend o ON o.classid = 1259 AND o.objid = c.oid AND o.objsubid = 0 AND o.refclassid = 1259
    AND o.deptype = 'a'
JOIN pg_catalog.pg_class tc ON tc.oid = o.refobjid
JOIN pg_catalog.pg_namespace tn ON tn.oid = tc.relnamespace
JOIN pg_catalog.pg_attribute ta ON ta.attrelid = tc.oid AND ta.attnum = o.refobjsubid
WHERE c.relkind = 'S' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
