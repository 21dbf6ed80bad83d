SELECT 1259, c.oid, 0, (SELECT pg_catalog.concat('1247:', t.oid, ' 1247:', t.typarray) FROM pg_catalog.pg_type t WHERE t.oid = c.reltype), n.nspname, '', c.relname, '',
    pg_catalog.pg_get_userbyid(c.relowner), d.description,
    c.relacl, CASE WHEN c.relacl IS NOT NULL THEN pg_catalog.acldefault('r', c.relowner) END,
    c.relkind, c.relpersistence,
    CASE WHEN c.relkind = 'p' THEN pg_catalog.pg_get_partkeydef(c.oid) END,
    CASE WHEN c.relispartition THEN pg_catalog.pg_get_expr(c.relpartbound, c.oid) END,
    CASE WHEN c.relispartition OR c.relhassubclass OR EXISTS (
            SELECT FROM pg_catalog.pg_inherits i WHERE i.inhrelid = c.oid) THEN (
        SELECT pg_catalog.json_agg(pg_catalog.json_build_array(pn.nspname, p.relname) ORDER BY i.inhseqno)
        FROM pg_catalog.pg_inherits i
        JOIN pg_catalog.pg_class p ON p.oid = i.inhparent
        JOIN pg_catalog.pg_namespace pn ON pn.oid = p.relnamespace
        WHERE i.inhrelid = c.oid) END,
    CASE WHEN c.reloftype <> 0 THEN pg_catalog.format_type(c.reloftype, NULL) END,
    /*options*/,
    (SELECT am.amname FROM pg_catalog.pg_am am WHERE am.oid = c.relam AND am.amname <> 'heap'),
    (SELECT ts.spcname FROM pg_catalog.pg_tablespace ts WHERE ts.oid = c.reltablespace),
    CASE WHEN c.relkind = 'f' THEN 'd' ELSE c.relreplident END,
    c.relrowsecurity, c.relforcerowsecurity, fs.srvname, ft.ftoptions,
    c.relispartition AND EXISTS (SELECT FROM pg_catalog.pg_constraint k WHERE k.confrelid = c.oid AND k.conparentid <> 0),
    CASE WHEN c.relispartition AND pg_catalog.pg_get_expr(c.relpartbound, c.oid) <> 'DEFAULT' THEN
        pg_catalog.pg_get_partition_constraintdef(c.oid) END
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_catalog.pg_description d ON d.objoid = c.oid AND d.classoid = 1259 AND d.objsubid = 0
LEFT JOIN pg_catalog.pg_foreign_table ft ON ft.ftrelid = c.oid
LEFT JOIN pg_catalog.pg_foreign_server fs ON fs.oid = ft.ftserver
WHERE c.relkind IN ('r', 'p', 'f') AND c.relpersistence <> 't' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
