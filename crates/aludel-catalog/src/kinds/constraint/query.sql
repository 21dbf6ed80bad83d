SELECT 2606, k.oid, 0, CASE WHEN k.conindid <> 0 THEN '1259:' || k.conindid END, n.nspname, c.relname, k.conname, '', NULL, d.description, NULL, NULL,
    k.contype, CASE k.contype WHEN 'x' THEN /*without_options*/ ELSE pg_catalog.pg_get_constraintdef(k.oid) END, CASE WHEN k.conparentid <> 0 OR k.coninhcount > 0 AND NOT k.conislocal THEN 'i' WHEN k.coninhcount > 0 THEN 'm' ELSE 'o' END,
    ix.indisclustered, ix.indisreplident, xd.description,
    CASE WHEN ic.relispartition THEN ARRAY(
        SELECT a.attname FROM pg_catalog.pg_attribute a WHERE a.attrelid = ic.oid ORDER BY a.attnum) END,
    CASE WHEN k.contype = 'p' AND k.conparentid = 0 AND EXISTS (SELECT FROM pg_catalog.pg_inherits h WHERE h.inhrelid = c.oid) THEN (
        WITH RECURSIVE above (relation) AS (
            SELECT h.inhparent FROM pg_catalog.pg_inherits h WHERE h.inhrelid = c.oid
            UNION SELECT h.inhparent FROM above JOIN pg_catalog.pg_inherits h ON h.inhrelid = above.relation
        )
        SELECT pg_catalog.json_agg(pg_catalog.json_build_array(pn.nspname, pc.relname, pa.attname, pa.attnotnull::text)
            ORDER BY pn.nspname, pc.relname, pa.attname)
        FROM above
        JOIN pg_catalog.pg_class pc ON pc.oid = above.relation
        JOIN pg_catalog.pg_namespace pn ON pn.oid = pc.relnamespace
        JOIN pg_catalog.pg_attribute a ON a.attrelid = c.oid AND a.attnum = ANY (k.conkey)
        JOIN pg_catalog.pg_attribute pa ON pa.attrelid = pc.oid AND pa.attname = a.attname AND NOT pa.attisdropped) END,
    /*index_storage*/
FROM pg_catalog.pg_constraint k
JOIN pg_catalog.pg_class c ON c.oid = k.conrelid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
LEFT JOIN pg_catalog.pg_description d ON d.objoid = k.oid AND d.classoid = 2606 AND d.objsubid = 0
LEFT JOIN pg_catalog.pg_index ix ON ix.indexrelid = k.conindid AND k.contype <> 'c'
LEFT JOIN pg_catalog.pg_class ic ON ic.oid = ix.indexrelid
LEFT JOIN pg_catalog.pg_description xd ON xd.objoid = ix.indexrelid AND xd.classoid = 1259 AND xd.objsubid = 0
WHERE k.contype IN ('p', 'u', 'c', 'x') AND c.relkind IN ('r', 'p', 'f') AND c.relpersistence <> 't' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
