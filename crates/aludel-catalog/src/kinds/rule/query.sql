SELECT 2618, r.oid, 0, NULL, n.nspname, c.relname, r.rulename, '', NULL, d.description, NULL, NULL,
    pg_catalog.pg_get_ruledef(r.oid), r.ev_enabled
FROM pg_catalog.pg_rewrite r
JOIN pg_catalog.pg_class c ON c.oid = r.ev_class
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_catalog.pg_description d ON d.objoid = r.oid AND d.classoid = 2618 AND d.objsubid = 0
WHERE r.rulename <> '_RETURN' AND c.relpersistence <> 't' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
