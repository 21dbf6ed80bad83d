SELECT 1259, c.oid, 0, NULL, n.nspname, '', c.relname, '',
    pg_catalog.pg_get_userbyid(c.relowner), d.description,
    c.relacl, CASE WHEN c.relacl IS NOT NULL THEN pg_catalog.acldefault('s', c.relowner) END,
    pg_catalog.format_type(s.seqtypid, NULL), s.seqstart, s.seqincrement, s.seqmin, s.seqmax, s.seqcache, s.seqcycle,
    (SELECT pg_catalog.json_build_array(pg_catalog.json_build_array(tn.nspname, tc.relname, ta.attname))
        FROM pg_catalog.pg_depend o
        JOIN pg_catalog.pg_class tc ON tc.oid = o.refobjid
        JOIN pg_catalog.pg_namespace tn ON tn.oid = tc.relnamespace
        JOIN pg_catalog.pg_attribute ta ON ta.attrelid = tc.oid AND ta.attnum = o.refobjsubid
        WHERE o.classid = 1259 AND o.objid = c.oid AND o.objsubid = 0 AND o.refclassid = 1259 AND o.deptype IN ('a', 'i')),
    EXISTS (SELECT FROM pg_catalog.pg_depend i WHERE i.classid = 1259 AND i.objid = c.oid AND i.deptype = 'i'),
    c.relpersistence, EXISTS (SELECT FROM pg_catalog.pg_depend o JOIN pg_catalog.pg_class tc ON tc.oid = o.refobjid
        WHERE o.classid = 1259 AND o.objid = c.oid AND o.refclassid = 1259 AND (o.deptype = 'a' OR o.deptype = 'i')
          AND (tc.relpersistence = c.relpersistence OR pg_catalog.current_setting('server_version_num')::integer < 150000))
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_catalog.pg_description d ON d.objoid = c.oid AND d.classoid = 1259 AND d.objsubid = 0
JOIN pg_catalog.pg_sequence s ON s.seqrelid = c.oid
WHERE c.relkind = 'S' AND c.relpersistence <> 't' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
