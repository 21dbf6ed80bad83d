SELECT 3600, x.oid, 0, NULL, n.nspname, '', x.dictname, '', pg_catalog.pg_get_userbyid(x.dictowner), d.description,
    NULL, NULL,
    pg_catalog.format('%I.%I', tn.nspname, t.tmplname), x.dictinitoption
FROM pg_catalog.pg_ts_dict x
JOIN pg_catalog.pg_namespace n ON n.oid = x.dictnamespace
JOIN pg_catalog.pg_ts_template t ON t.oid = x.dicttemplate
JOIN pg_catalog.pg_namespace tn ON tn.oid = t.tmplnamespace
LEFT JOIN pg_catalog.pg_description d ON d.objoid = x.oid AND d.classoid = 3600 AND d.objsubid = 0
WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
