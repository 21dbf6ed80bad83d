SELECT 2612, l.oid, 0, NULL, '', '', l.lanname, '', pg_catalog.pg_get_userbyid(l.lanowner), d.description,
    l.lanacl, CASE WHEN l.lanacl IS NOT NULL THEN pg_catalog.acldefault('l', l.lanowner) END,
    l.lanpltrusted, l.lanplcallfoid::regproc, NULLIF(l.laninline, 0)::regproc, NULLIF(l.lanvalidator, 0)::regproc
FROM pg_catalog.pg_language l
LEFT JOIN pg_catalog.pg_description d ON d.objoid = l.oid AND d.classoid = 2612 AND d.objsubid = 0
WHERE l.lanispl AND l.oid >= 16384
