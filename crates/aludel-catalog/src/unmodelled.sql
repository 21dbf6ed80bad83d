-- Large objects, and whatever stands in pg_depend under a catalog that no kind reads.
WITH found (classid, objid) AS (
    SELECT 2613::oid, oid FROM pg_catalog.pg_largeobject_metadata
    UNION SELECT d.classid, d.objid FROM pg_catalog.pg_depend d
        WHERE d.objid >= 16384 AND d.classid NOT IN (
            826, 1247, 1255, 1259, 1417, 1418, 2224, 2328, 2601, 2602, 2603, 2604, 2605, 2606, 2607, 2612, 2613, 2615, 2616,
            2617, 2618, 2620, 2753, 3079, 3256, 3381, 3456, 3466, 3501, 3541, 3576, 3600, 3601, 3602, 3603, 3764, 6100, 6102,
            6104, 6106, 6237)
)
SELECT named.type,
    named.identity
FROM found
CROSS JOIN LATERAL pg_catalog.pg_identify_object(found.classid, found.objid, 0) named
WHERE NOT EXISTS (
    SELECT FROM pg_catalog.pg_depend d
    WHERE d.classid = found.classid AND d.objid = found.objid AND d.deptype = 'e')
