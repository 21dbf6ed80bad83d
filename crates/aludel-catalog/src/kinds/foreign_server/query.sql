SELECT 1417, s.oid, 0, NULL, '', '', s.srvname, '', pg_catalog.pg_get_userbyid(s.srvowner), d.description,
    s.srvacl, CASE WHEN s.srvacl IS NOT NULL THEN pg_catalog.acldefault('S', s.srvowner) END,
    w.fdwname, s.srvtype, s.srvversion, ARRAY(SELECT option FROM pg_catalog.unnest(s.srvoptions) option WHERE option !~* '/*secret*/')
FROM pg_catalog.pg_foreign_server s
JOIN pg_catalog.pg_foreign_data_wrapper w ON w.oid = s.srvfdw
LEFT JOIN pg_catalog.pg_description d ON d.objoid = s.oid AND d.classoid = 1417 AND d.objsubid = 0
