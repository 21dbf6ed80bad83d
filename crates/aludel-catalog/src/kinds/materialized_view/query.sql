SELECT 1259, c.oid, 0, (SELECT pg_catalog.concat('1247:', t.oid, ' 1247:', t.typarray, ' 2618:', r.oid)
        FROM pg_catalog.pg_type t, pg_catalog.pg_rewrite r
        WHERE t.oid = c.reltype AND r.ev_class = c.oid AND r.rulename = '_RETURN'), n.nspname, '', c.relname, '',
    pg_catalog.pg_get_userbyid(c.relowner), d.description,
    c.relacl, CASE WHEN c.relacl IS NOT NULL THEN pg_catalog.acldefault('r', c.relowner) END,
    pg_catalog.pg_get_viewdef(c.oid), /*options*/,
    (SELECT am.amname FROM pg_catalog.pg_am am WHERE am.oid = c.relam AND am.amname <> 'heap'),
    (SELECT ts.spcname FROM pg_catalog.pg_tablespace ts WHERE ts.oid = c.reltablespace), c.relispopulated
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_catalog.pg_description d ON d.objoid = c.oid AND d.classoid = 1259 AND d.objsubid = 0
WHERE c.relkind = 'm' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
