SELECT 826, a.oid, 0, NULL, coalesce(n.nspname, ''), '',
    CASE WHEN r.rolname = session_user THEN '' ELSE r.rolname END,
    CASE a.defaclobjtype WHEN 'r' THEN 'TABLES' WHEN 'S' THEN 'SEQUENCES' WHEN 'f' THEN 'FUNCTIONS' WHEN 'T' THEN 'TYPES'
        WHEN 'n' THEN 'SCHEMAS' WHEN 'L' THEN 'LARGE OBJECTS' END,
    NULL, NULL, NULL, NULL,
    r.rolname, a.defaclacl,
    CASE WHEN a.defaclnamespace = 0 THEN pg_catalog.acldefault(
        CASE a.defaclobjtype WHEN 'S' THEN 's'::"char" ELSE a.defaclobjtype END, a.defaclrole) END
FROM pg_catalog.pg_default_acl a
JOIN pg_catalog.pg_roles r ON r.oid = a.defaclrole
LEFT JOIN pg_catalog.pg_namespace n ON n.oid = a.defaclnamespace
