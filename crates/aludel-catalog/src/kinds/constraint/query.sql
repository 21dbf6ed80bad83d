SELECT 2606, k.oid, 0, CASE WHEN k.conindid <> 0 THEN '1259:' || k.conindid END, n.nspname, c.relname, k.conname, '', NULL, d.description, NULL, NULL,
    k.contype, CASE k.contype WHEN 'x' THEN /*without_options*/ ELSE pg_catalog.pg_get_constraintdef(k.oid) END, CASE WHEN k.conparentid <> 0 OR k.coninhcount > 0 AND NOT k.conislocal THEN 'i' WHEN k.coninhcount > 0 THEN 'm' ELSE 'o' END,
    ix.indisclustered, ix.indisreplident, xd.description,
    CASE WHEN ic.relispartition THEN ARRAY(
        SELECT a.attname FROM pg_catalog.pg_attribute a WHERE a.attrelid = ic.oid ORDER BY a.attnum) END,
    /*index_storage*/
FROM pg_catalog.pg_constraint k
JOIN pg_catalog.pg_class c ON c.oid = k.conrelid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_catalog.pg_description d ON d.objoid = k.oid AND d.classoid = 2606 AND d.objsubid = 0
LEFT JOIN pg_catalog.pg_index ix ON ix.indexrelid = k.conindid AND k.contype <> 'c'
LEFT JOIN pg_catalog.pg_class ic ON ic.oid = ix.indexrelid
LEFT JOIN pg_catalog.pg_description xd ON xd.objoid = ix.indexrelid AND xd.classoid = 1259 AND xd.objsubid = 0
WHERE k.contype IN ('p', 'u', 'c', 'x') AND c.relkind IN ('r', 'p', 'f') AND c.relpersistence <> 't' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
