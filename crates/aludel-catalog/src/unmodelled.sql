WITH found (classid, objid) AS (
    SELECT 6100::oid, oid FROM pg_catalog.pg_subscription
        WHERE pg_catalog.has_table_privilege('pg_catalog.pg_subscription', 'SELECT')
        AND subdbid = (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database())
)
SELECT named.type,
    named.identity
FROM found
CROSS JOIN LATERAL pg_catalog.pg_identify_object(found.classid, found.objid, 0) named
WHERE NOT EXISTS (
    SELECT FROM pg_catalog.pg_depend d
    WHERE d.classid = found.classid AND d.objid = found.objid AND d.deptype = 'e')
