SELECT n.nspname, c.relname, a.attname,
    a.attnotnull,
    (a.attidentity <> '' OR a.attgenerated <> '') AS made,
    a.atthasdef AS has_default,
    pg_catalog.format_type(a.atttypid, a.atttypmod) AS type,
    b.typname AS base,
    b.typtype AS base_type,
    b.typcategory AS category,
    CASE WHEN b.typname IN ('varchar', 'bpchar') AND a.atttypmod > 4 THEN a.atttypmod - 4
         WHEN b.typname IN ('varchar', 'bpchar') AND t.typtypmod > 4 THEN t.typtypmod - 4
         WHEN b.typname IN ('bit', 'varbit') AND a.atttypmod > 0 THEN a.atttypmod
    END AS length,
    (SELECT pg_catalog.string_agg(pg_catalog.quote_literal(e.enumlabel), chr(31) ORDER BY e.enumsortorder)
     FROM pg_catalog.pg_enum e WHERE e.enumtypid = b.oid) AS labels,
    (SELECT pg_catalog.string_agg(pg_catalog.pg_get_constraintdef(k.oid), chr(31))
     FROM pg_catalog.pg_constraint k
     WHERE k.contype = 'c' AND (k.contypid = t.oid OR k.conrelid = c.oid AND a.attnum = ANY (k.conkey))) AS checks,
    f.target, f.target_column
FROM pg_catalog.pg_class c
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
JOIN pg_catalog.pg_type b ON b.oid = COALESCE(NULLIF(t.typbasetype, 0), t.oid)
LEFT JOIN LATERAL (
    SELECT k.confrelid::pg_catalog.regclass::text AS target, pg_catalog.quote_ident(r.attname) AS target_column
    FROM pg_catalog.pg_constraint k
    JOIN pg_catalog.pg_attribute r
        ON r.attrelid = k.confrelid
       AND r.attnum = k.confkey[pg_catalog.array_position(k.conkey, a.attnum)]
    WHERE k.contype = 'f' AND k.conrelid = c.oid AND a.attnum = ANY (k.conkey)
    ORDER BY k.conname LIMIT 1) f ON true
WHERE c.relkind IN ('r', 'p') AND NOT c.relispartition
  AND n.nspname NOT IN ('pg_catalog', 'information_schema') AND n.nspname NOT LIKE 'pg\_%'
  AND NOT EXISTS (SELECT FROM pg_catalog.pg_depend e
                  WHERE e.classid = 'pg_catalog.pg_class'::regclass AND e.objid = c.oid AND e.deptype = 'e')
ORDER BY n.nspname, c.relname, a.attnum
