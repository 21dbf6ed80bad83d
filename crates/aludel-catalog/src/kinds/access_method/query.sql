SELECT 2601, a.oid, 0, NULL, '', '', a.amname, '', NULL, d.description, NULL, NULL,
    a.amtype, a.amhandler::regproc
FROM pg_catalog.pg_am a
LEFT JOIN pg_catalog.pg_description d ON d.objoid = a.oid AND d.classoid = 2601 AND d.objsubid = 0
WHERE a.oid >= 16384
