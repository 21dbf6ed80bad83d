SELECT 2328, w.oid, 0, NULL, '', '', w.fdwname, '', pg_catalog.pg_get_userbyid(w.fdwowner), d.description,
    w.fdwacl, CASE WHEN w.fdwacl IS NOT NULL THEN pg_catalog.acldefault('F', w.fdwowner) END,
    CASE WHEN w.fdwhandler <> 0 THEN w.fdwhandler::pg_catalog.regproc END,
    CASE WHEN w.fdwvalidator <> 0 THEN w.fdwvalidator::pg_catalog.regproc END,
    ARRAY(SELECT option FROM pg_catalog.unnest(w.fdwoptions) option WHERE option !~* '/*secret*/')
FROM pg_catalog.pg_foreign_data_wrapper w
LEFT JOIN pg_catalog.pg_description d ON d.objoid = w.oid AND d.classoid = 2328 AND d.objsubid = 0
