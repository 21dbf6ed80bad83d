SELECT 1255, p.oid, 0, NULL, n.nspname, '', p.proname, pg_catalog.oidvectortypes(p.proargtypes),
    pg_catalog.pg_get_userbyid(p.proowner), d.description,
    p.proacl, CASE WHEN p.proacl IS NOT NULL THEN pg_catalog.acldefault('f', p.proowner) END,
    pg_catalog.pg_get_function_arguments(p.oid), a.aggkind, a.aggtransfn::regproc, pg_catalog.format_type(a.aggtranstype, NULL),
    a.aggtransspace, NULLIF(a.aggfinalfn, 0)::regproc, a.aggfinalextra, a.aggfinalmodify, NULLIF(a.aggcombinefn, 0)::regproc,
    NULLIF(a.aggserialfn, 0)::regproc, NULLIF(a.aggdeserialfn, 0)::regproc, a.agginitval,
    NULLIF(a.aggmtransfn, 0)::regproc, NULLIF(a.aggminvtransfn, 0)::regproc,
    CASE WHEN a.aggmtranstype <> 0 THEN pg_catalog.format_type(a.aggmtranstype, NULL) END,
    NULLIF(a.aggmfinalfn, 0)::regproc, a.aggmfinalextra, a.aggmfinalmodify, a.aggmtransspace, a.aggminitval, NULLIF(a.aggsortop, 0)::regoperator, p.proparallel
FROM pg_catalog.pg_proc p
JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
LEFT JOIN pg_catalog.pg_description d ON d.objoid = p.oid AND d.classoid = 1255 AND d.objsubid = 0
JOIN pg_catalog.pg_aggregate a ON a.aggfnoid = p.oid
WHERE p.prokind = 'a' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
