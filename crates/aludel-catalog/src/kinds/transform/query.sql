SELECT 3576, t.oid, 0, NULL, '', '',
    pg_catalog.format('FOR %s LANGUAGE %I', pg_catalog.format_type(t.trftype, NULL), l.lanname), '',
    NULL, d.description, NULL, NULL,
    CASE WHEN t.trffromsql <> 0 THEN t.trffromsql::regprocedure END,
    CASE WHEN t.trftosql <> 0 THEN t.trftosql::regprocedure END
FROM pg_catalog.pg_transform t
JOIN pg_catalog.pg_language l ON l.oid = t.trflang
LEFT JOIN pg_catalog.pg_description d ON d.objoid = t.oid AND d.classoid = 3576 AND d.objsubid = 0
WHERE t.oid >= 16384
