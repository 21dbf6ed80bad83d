WITH found (classid, objid) AS (
    SELECT 2605::oid, oid FROM pg_catalog.pg_cast WHERE oid >= 16384
    UNION ALL SELECT 2617, oid FROM pg_catalog.pg_operator WHERE oid >= 16384
    UNION ALL SELECT 2616, oid FROM pg_catalog.pg_opclass WHERE oid >= 16384
    UNION ALL SELECT 2753, oid FROM pg_catalog.pg_opfamily WHERE oid >= 16384
    UNION ALL SELECT 3602, oid FROM pg_catalog.pg_ts_config WHERE oid >= 16384
    UNION ALL SELECT 3600, oid FROM pg_catalog.pg_ts_dict WHERE oid >= 16384
    UNION ALL SELECT 2607, oid FROM pg_catalog.pg_conversion WHERE oid >= 16384
    UNION ALL SELECT 2612, oid FROM pg_catalog.pg_language WHERE oid >= 16384
    UNION ALL SELECT 3576, oid FROM pg_catalog.pg_transform WHERE oid >= 16384
    UNION ALL SELECT 1247, t.oid FROM pg_catalog.pg_type t
        WHERE t.oid >= 16384 AND t.typtype = 'b' AND t.typcategory <> 'A'
)
SELECT named.type,
    named.identity
FROM found
CROSS JOIN LATERAL pg_catalog.pg_identify_object(found.classid, found.objid, 0) named
WHERE NOT EXISTS (
    SELECT FROM pg_catalog.pg_depend d
    WHERE d.classid = found.classid AND d.objid = found.objid AND d.deptype = 'e')
