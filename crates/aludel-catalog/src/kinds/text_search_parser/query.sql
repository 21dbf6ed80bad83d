SELECT 3601, p.oid, 0, NULL, n.nspname, '', p.prsname, '', NULL, d.description, NULL, NULL,
    pg_catalog.array_remove(ARRAY[
        'START = ' || p.prsstart::regproc, 'GETTOKEN = ' || p.prstoken::regproc, 'END = ' || p.prsend::regproc,
        CASE WHEN p.prsheadline <> 0 THEN 'HEADLINE = ' || p.prsheadline::regproc END,
        'LEXTYPES = ' || p.prslextype::regproc], NULL)
FROM pg_catalog.pg_ts_parser p
JOIN pg_catalog.pg_namespace n ON n.oid = p.prsnamespace
LEFT JOIN pg_catalog.pg_description d ON d.objoid = p.oid AND d.classoid = 3601 AND d.objsubid = 0
WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
