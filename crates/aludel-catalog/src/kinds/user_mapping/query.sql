SELECT 1418, m.umid, 0, NULL, '', '', pg_catalog.concat(m.srvname, ' ', m.usename), '', NULL, NULL, NULL, NULL,
    m.srvname, CASE WHEN m.umuser <> 0 THEN m.usename END,
    ARRAY(SELECT option FROM pg_catalog.unnest(m.umoptions) option WHERE option !~* '/*secret*/')
FROM pg_catalog.pg_user_mappings m
