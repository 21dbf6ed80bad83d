SELECT 1255, p.oid, 0, NULL, n.nspname, '', p.proname, pg_catalog.oidvectortypes(p.proargtypes),
    pg_catalog.pg_get_userbyid(p.proowner), d.description,
    p.proacl, CASE WHEN p.proacl IS NOT NULL THEN pg_catalog.acldefault('f', p.proowner) END,
    p.prokind, pg_catalog.pg_get_functiondef(p.oid),
    pg_catalog.concat_ws(' ', pg_catalog.pg_get_function_result(p.oid), p.proargnames::text, p.proargmodes::text,
        ARRAY(SELECT pg_catalog.format_type(o, NULL) FROM pg_catalog.unnest(p.proallargtypes) o)::text),
    p.pronargdefaults, l.lanname IN ('sql', 'plpgsql') AND p.prosqlbody IS NULL,
    rows.relation, rows.columns, l.lanname = 'internal' AND p.prosrc ~ '^(multi)?range_constructor',
    CASE WHEN l.lanname NOT IN ('sql', 'plpgsql') THEN (
        SELECT pg_catalog.json_agg(pg_catalog.json_build_array(tn.nspname, t.typname) ORDER BY tn.nspname, t.typname)
        FROM pg_catalog.pg_depend u
        JOIN pg_catalog.pg_type t ON t.oid = u.objid
        JOIN pg_catalog.pg_namespace tn ON tn.oid = t.typnamespace
        WHERE u.classid = 1247 AND u.refclassid = 1255 AND u.refobjid = p.oid AND u.deptype = 'n'
          AND t.typtype IN ('b', 'r') AND (t.oid = p.prorettype OR t.oid = ANY (p.proargtypes))) END
FROM pg_catalog.pg_proc p
JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
LEFT JOIN pg_catalog.pg_description d ON d.objoid = p.oid AND d.classoid = 1255 AND d.objsubid = 0
JOIN pg_catalog.pg_language l ON l.oid = p.prolang
LEFT JOIN LATERAL (
    SELECT pg_catalog.format('%I.%I', cn.nspname, c.relname) AS relation,
        pg_catalog.array_agg(pg_catalog.quote_ident(a.attname) ORDER BY a.attnum) AS columns
    FROM pg_catalog.pg_type t
    JOIN pg_catalog.pg_class c ON c.oid = t.typrelid
    JOIN pg_catalog.pg_namespace cn ON cn.oid = c.relnamespace
    JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
    WHERE t.oid = p.prorettype
    GROUP BY cn.nspname, c.relname
) rows ON p.prosqlbody IS NOT NULL
WHERE p.prokind IN ('f', 'p', 'w')
  AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
