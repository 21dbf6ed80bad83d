SELECT 1247, t.oid, 0, pg_catalog.concat('1247:', t.typarray, ' 1259:', t.typrelid), n.nspname, '', t.typname, '',
    pg_catalog.pg_get_userbyid(t.typowner), d.description,
    t.typacl, CASE WHEN t.typacl IS NOT NULL THEN pg_catalog.acldefault('T', t.typowner) END,
    (SELECT pg_catalog.json_agg(pg_catalog.json_build_array(a.attname, pg_catalog.format_type(a.atttypid, a.atttypmod),
            CASE WHEN a.attcollation <> at.typcollation THEN (
                SELECT pg_catalog.format('%I.%I', cn.nspname, c.collname)
                FROM pg_catalog.pg_collation c
                JOIN pg_catalog.pg_namespace cn ON cn.oid = c.collnamespace
                WHERE c.oid = a.attcollation) END,
            ad.description) ORDER BY a.attnum)
        FROM pg_catalog.pg_attribute a
        JOIN pg_catalog.pg_type at ON at.oid = a.atttypid
        LEFT JOIN pg_catalog.pg_description ad ON ad.objoid = a.attrelid AND ad.classoid = 1259 AND ad.objsubid = a.attnum
        WHERE a.attrelid = t.typrelid AND a.attnum > 0 AND NOT a.attisdropped)
FROM pg_catalog.pg_type t
JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
LEFT JOIN pg_catalog.pg_description d ON d.objoid = t.oid AND d.classoid = 1247 AND d.objsubid = 0
JOIN pg_catalog.pg_class r ON r.oid = t.typrelid AND r.relkind = 'c'
WHERE t.typtype = 'c' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
