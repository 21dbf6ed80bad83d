SELECT 2617, o.oid, 0, NULL, n.nspname, '', o.oprname,
    pg_catalog.concat(CASE WHEN o.oprleft = 0 THEN 'NONE' ELSE pg_catalog.format_type(o.oprleft, NULL) END, ', ',
        pg_catalog.format_type(o.oprright, NULL)),
    pg_catalog.pg_get_userbyid(o.oprowner), d.description, NULL, NULL,
    o.oprcode, CASE WHEN o.oprleft <> 0 THEN pg_catalog.format_type(o.oprleft, NULL) END,
    pg_catalog.format_type(o.oprright, NULL), cn.nspname, c.oprname, nn.nspname, ne.oprname,
    o.oprcanhash, o.oprcanmerge, NULLIF(o.oprrest, 0)::regproc, NULLIF(o.oprjoin, 0)::regproc, /*can_link*/
FROM pg_catalog.pg_operator o
JOIN pg_catalog.pg_namespace n ON n.oid = o.oprnamespace
LEFT JOIN pg_catalog.pg_operator c ON c.oid = o.oprcom
LEFT JOIN pg_catalog.pg_namespace cn ON cn.oid = c.oprnamespace
LEFT JOIN pg_catalog.pg_operator ne ON ne.oid = o.oprnegate
LEFT JOIN pg_catalog.pg_namespace nn ON nn.oid = ne.oprnamespace
LEFT JOIN pg_catalog.pg_description d ON d.objoid = o.oid AND d.classoid = 2617 AND d.objsubid = 0
WHERE o.oprcode <> 0 AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
