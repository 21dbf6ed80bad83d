SELECT 1247, t.oid, 0, pg_catalog.concat('1247:', t.typarray, (
        SELECT pg_catalog.string_agg(' 2606:' || k.oid, '') FROM pg_catalog.pg_constraint k WHERE k.contypid = t.oid)), n.nspname, '', t.typname, '',
    pg_catalog.pg_get_userbyid(t.typowner), d.description,
    t.typacl, CASE WHEN t.typacl IS NOT NULL THEN pg_catalog.acldefault('T', t.typowner) END,
    pg_catalog.format_type(t.typbasetype, t.typtypmod),
    CASE WHEN t.typcollation <> base.typcollation THEN (
        SELECT pg_catalog.format('%I.%I', cn.nspname, c.collname)
        FROM pg_catalog.pg_collation c
        JOIN pg_catalog.pg_namespace cn ON cn.oid = c.collnamespace
        WHERE c.oid = t.typcollation) END,
    t.typnotnull,
    pg_catalog.pg_get_expr(t.typdefaultbin, 0),
    (SELECT pg_catalog.json_agg(pg_catalog.json_build_array(c.conname, pg_catalog.pg_get_constraintdef(c.oid), cd.description)
            ORDER BY c.conname)
        FROM pg_catalog.pg_constraint c
        LEFT JOIN pg_catalog.pg_description cd ON cd.objoid = c.oid AND cd.classoid = 2606 AND cd.objsubid = 0
        WHERE c.contypid = t.oid AND c.contype = 'c'),
    EXISTS (
        WITH RECURSIVE held (type, nested) AS (
            SELECT t.oid, false
            UNION
            SELECT o.oid, h.nested OR o.typtype <> 'd'
            FROM held h
            JOIN pg_catalog.pg_depend u ON u.refclassid = 1247 AND u.refobjid = h.type
            LEFT JOIN pg_catalog.pg_class c ON u.classid = 1259 AND u.objsubid > 0 AND c.oid = u.objid
            JOIN pg_catalog.pg_type o ON o.oid = CASE WHEN u.classid = 1247 THEN u.objid ELSE c.reltype END
        )
        SELECT FROM held h
        JOIN pg_catalog.pg_depend u ON u.refclassid = 1247 AND u.refobjid = h.type AND u.classid = 1259 AND u.objsubid > 0
        JOIN pg_catalog.pg_class c ON c.oid = u.objid
        WHERE h.nested AND c.relkind IN ('r', 'p', 'm'))
FROM pg_catalog.pg_type t
JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
LEFT JOIN pg_catalog.pg_description d ON d.objoid = t.oid AND d.classoid = 1247 AND d.objsubid = 0
JOIN pg_catalog.pg_type base ON base.oid = t.typbasetype
WHERE t.typtype = 'd' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
