SELECT 2606, k.oid, 0, CASE WHEN k.conindid <> 0 THEN '1259:' || k.conindid END, n.nspname, c.relname, k.conname, '', NULL, d.description, NULL, NULL,
    k.contype, pg_catalog.pg_get_constraintdef(k.oid), k.conparentid <> 0 OR k.coninhcount > 0 AND NOT k.conislocal,
    (SELECT ix.indisclustered FROM pg_catalog.pg_index ix WHERE ix.indexrelid = k.conindid)
FROM pg_catalog.pg_constraint k
JOIN pg_catalog.pg_class c ON c.oid = k.conrelid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_catalog.pg_description d ON d.objoid = k.oid AND d.classoid = 2606 AND d.objsubid = 0
WHERE k.contype IN ('p', 'u', 'c', 'x') AND c.relkind IN ('r', 'p') AND c.relpersistence <> 't' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
