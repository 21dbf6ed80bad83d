SELECT 3381, s.oid, 0, NULL, n.nspname, '', s.stxname, '', pg_catalog.pg_get_userbyid(s.stxowner), d.description, NULL, NULL,
    pg_catalog.pg_get_statisticsobjdef(s.oid), NULLIF(s.stxstattarget, -1), tn.nspname, t.relname
FROM pg_catalog.pg_statistic_ext s
JOIN pg_catalog.pg_namespace n ON n.oid = s.stxnamespace
JOIN pg_catalog.pg_class t ON t.oid = s.stxrelid
JOIN pg_catalog.pg_namespace tn ON tn.oid = t.relnamespace
LEFT JOIN pg_catalog.pg_description d ON d.objoid = s.oid AND d.classoid = 3381 AND d.objsubid = 0
WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
