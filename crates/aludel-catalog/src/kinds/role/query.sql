SELECT 1260, r.oid, 0, NULL, '', '', r.rolname, '', NULL, d.description, NULL, NULL,
    r.rolsuper, r.rolinherit, r.rolcreaterole, r.rolcreatedb, r.rolcanlogin, r.rolreplication, r.rolbypassrls, r.rolconnlimit,
    CASE WHEN pg_catalog.isfinite(r.rolvaliduntil)
        THEN pg_catalog.to_char(r.rolvaliduntil AT TIME ZONE 'UTC', 'YYYY-MM-DD HH24:MI:SS.US') || '+00'
        ELSE r.rolvaliduntil::text END,
    (SELECT s.setconfig FROM pg_catalog.pg_db_role_setting s WHERE s.setrole = r.oid AND s.setdatabase = 0),
    (SELECT pg_catalog.json_agg(pg_catalog.json_build_array(m.rolname, m.admin, m.inherit, m.set) ORDER BY m.rolname)
        FROM (SELECT g.rolname, pg_catalog.bool_or(a.admin_option)::text AS admin, /*inherit*/, /*set*/
            FROM pg_catalog.pg_auth_members a JOIN pg_catalog.pg_roles g ON g.oid = a.roleid
            WHERE a.member = r.oid GROUP BY g.rolname) m)
FROM pg_catalog.pg_roles r
LEFT JOIN pg_catalog.pg_shdescription d ON d.objoid = r.oid AND d.classoid = 1260
WHERE r.rolname !~ '^pg_' AND r.oid <> 10
