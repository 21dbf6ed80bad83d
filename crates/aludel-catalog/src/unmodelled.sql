-- What stands in a class that no kind covers, whatever class that is; what depends on nothing is listed by itself.
WITH found (classid, objid) AS (
    SELECT 2613::oid, oid FROM pg_catalog.pg_largeobject_metadata
    UNION SELECT u.classid, u.objid
    FROM (
        SELECT classid, objid FROM pg_catalog.pg_depend
        UNION SELECT classid, objid FROM pg_catalog.pg_shdepend
        WHERE dbid IN (0, (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database()))
    ) u
    WHERE u.objid >= 16384 AND u.classid NOT IN (
        826, 1213, 1247, 1249, 1255, 1259, 1260, 1261, 1262, 1417, 1418, 2328, 2601, 2602, 2603, 2604, 2605, 2606, 2607,
        2612, 2615, 2616, 2617, 2618, 2620, 2753, 3079, 3256, 3381, 3456, 3466, 3501, 3576, 3600, 3601, 3602, 3764,
        6100, 6102, 6104, 6106, 6237)
)
SELECT named.type,
    named.identity
FROM found
CROSS JOIN LATERAL pg_catalog.pg_identify_object(found.classid, found.objid, 0) named
WHERE NOT EXISTS (
    SELECT FROM pg_catalog.pg_depend d
    WHERE d.classid = found.classid AND d.objid = found.objid AND d.deptype = 'e')
-- What is set for the database, or for a role in it, without the value: it may be a secret.
UNION ALL
SELECT CASE WHEN s.setrole = 0 THEN 'setting of this database' ELSE 'setting of a role in this database' END,
    pg_catalog.concat_ws('.', CASE WHEN s.setrole <> 0 THEN pg_catalog.quote_ident(pg_catalog.pg_get_userbyid(s.setrole)) END,
        pg_catalog.split_part(setting.entry, '=', 1))
FROM pg_catalog.pg_db_role_setting s
CROSS JOIN LATERAL pg_catalog.unnest(s.setconfig) setting (entry)
WHERE s.setdatabase = (SELECT d.oid FROM pg_catalog.pg_database d WHERE d.datname = pg_catalog.current_database())
