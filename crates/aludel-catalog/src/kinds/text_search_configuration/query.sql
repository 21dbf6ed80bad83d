SELECT 3602, c.oid, 0, NULL, n.nspname, '', c.cfgname, '', pg_catalog.pg_get_userbyid(c.cfgowner), d.description,
    NULL, NULL,
    pg_catalog.format('%I.%I', pn.nspname, p.prsname), (
        SELECT pg_catalog.json_agg(m.row ORDER BY m.maptokentype)
        FROM (
            SELECT m.maptokentype, pg_catalog.array_prepend(min(k.alias),
                pg_catalog.array_agg(pg_catalog.format('%I.%I', dn.nspname, di.dictname) ORDER BY m.mapseqno)) AS row
            FROM pg_catalog.pg_ts_config_map m
            JOIN pg_catalog.ts_token_type(c.cfgparser) k ON k.tokid = m.maptokentype
            JOIN pg_catalog.pg_ts_dict di ON di.oid = m.mapdict
            JOIN pg_catalog.pg_namespace dn ON dn.oid = di.dictnamespace
            WHERE m.mapcfg = c.oid
            GROUP BY m.maptokentype) m)
FROM pg_catalog.pg_ts_config c
JOIN pg_catalog.pg_namespace n ON n.oid = c.cfgnamespace
JOIN pg_catalog.pg_ts_parser p ON p.oid = c.cfgparser
JOIN pg_catalog.pg_namespace pn ON pn.oid = p.prsnamespace
LEFT JOIN pg_catalog.pg_description d ON d.objoid = c.oid AND d.classoid = 3602 AND d.objsubid = 0
WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
