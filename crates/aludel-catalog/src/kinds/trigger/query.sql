-- Before 15 a partition's copy of a trigger is marked internal.
SELECT 2620, g.oid, 0, CASE WHEN g.tgconstraint <> 0 THEN '2606:' || g.tgconstraint END,
    n.nspname, c.relname, g.tgname, '', NULL, d.description, NULL, NULL,
    pg_catalog.pg_get_triggerdef(g.oid), g.tgenabled, c.relkind = 'p',
    (SELECT pg.tgenabled FROM pg_catalog.pg_trigger pg WHERE pg.oid = g.tgparentid)
FROM pg_catalog.pg_trigger g
JOIN pg_catalog.pg_class c ON c.oid = g.tgrelid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_catalog.pg_description d ON d.objoid = g.oid AND d.classoid = 2620 AND d.objsubid = 0
WHERE (NOT g.tgisinternal OR g.tgparentid <> 0 AND g.tgconstraint = 0) AND c.relkind IN ('r', 'p', 'v', 'f') AND c.relpersistence <> 't' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
