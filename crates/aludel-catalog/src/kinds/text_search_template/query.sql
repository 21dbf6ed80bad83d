SELECT 3764, t.oid, 0, NULL, n.nspname, '', t.tmplname, '', NULL, d.description, NULL, NULL,
    pg_catalog.array_remove(ARRAY[
        CASE WHEN t.tmplinit <> 0 THEN 'INIT = ' || t.tmplinit::regproc END,
        'LEXIZE = ' || t.tmpllexize::regproc], NULL)
FROM pg_catalog.pg_ts_template t
JOIN pg_catalog.pg_namespace n ON n.oid = t.tmplnamespace
LEFT JOIN pg_catalog.pg_description d ON d.objoid = t.oid AND d.classoid = 3764 AND d.objsubid = 0
WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
