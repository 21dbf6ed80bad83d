SELECT 1247, t.oid, 0,
    pg_catalog.concat('1247:', t.typarray, ' 1247:', m.oid, ' 1247:', m.typarray, (
        SELECT pg_catalog.string_agg(' 1255:' || f.objid, '') FROM pg_catalog.pg_depend f
        WHERE f.classid = 1255 AND f.refclassid = 1247 AND f.refobjid IN (t.oid, m.oid) AND f.deptype = 'i')),
    n.nspname, '', t.typname, '',
    pg_catalog.pg_get_userbyid(t.typowner), d.description,
    t.typacl, CASE WHEN t.typacl IS NOT NULL THEN pg_catalog.acldefault('T', t.typowner) END,
    pg_catalog.array_remove(ARRAY[
        'subtype = ' || pg_catalog.format_type(r.rngsubtype, NULL),
        CASE WHEN NOT o.opcdefault THEN pg_catalog.format('subtype_opclass = %I.%I', opn.nspname, o.opcname) END,
        CASE WHEN r.rngcollation <> s.typcollation THEN pg_catalog.format('collation = %I.%I', cn.nspname, c.collname) END,
        CASE WHEN r.rngcanonical <> 0 THEN 'canonical = ' || r.rngcanonical::pg_catalog.regproc END,
        CASE WHEN r.rngsubdiff <> 0 THEN 'subtype_diff = ' || r.rngsubdiff::pg_catalog.regproc END,
        pg_catalog.format('multirange_type_name = %I.%I', mn.nspname, m.typname)], NULL)
FROM pg_catalog.pg_range r
JOIN pg_catalog.pg_type t ON t.oid = r.rngtypid
JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
JOIN pg_catalog.pg_type m ON m.oid = r.rngmultitypid
JOIN pg_catalog.pg_namespace mn ON mn.oid = m.typnamespace
JOIN pg_catalog.pg_type s ON s.oid = r.rngsubtype
JOIN pg_catalog.pg_opclass o ON o.oid = r.rngsubopc
JOIN pg_catalog.pg_namespace opn ON opn.oid = o.opcnamespace
LEFT JOIN pg_catalog.pg_collation c ON c.oid = r.rngcollation
LEFT JOIN pg_catalog.pg_namespace cn ON cn.oid = c.collnamespace
LEFT JOIN pg_catalog.pg_description d ON d.objoid = t.oid AND d.classoid = 1247 AND d.objsubid = 0
WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
