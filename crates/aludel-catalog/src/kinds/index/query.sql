SELECT 1259, ic.oid, 0, NULL, n.nspname, t.relname, ic.relname, '', NULL, d.description, NULL, NULL,
    pg_catalog.pg_get_indexdef(ic.oid), ic.relispartition, i.indisclustered, i.indisreplident,
    CASE WHEN i.indexprs IS NOT NULL THEN (
        SELECT pg_catalog.json_agg(pg_catalog.json_build_array(a.attnum::text, a.attstattarget::text) ORDER BY a.attnum)
        FROM pg_catalog.pg_attribute a WHERE a.attrelid = ic.oid AND a.attstattarget >= 0) END,
    i.indisvalid, CASE WHEN ic.relispartition THEN ARRAY(
        SELECT a.attname FROM pg_catalog.pg_attribute a WHERE a.attrelid = ic.oid ORDER BY a.attnum) END,
    CASE WHEN ic.reloptions IS NOT NULL THEN /*without_options*/ END,
    /*index_storage*/
FROM pg_catalog.pg_index i
JOIN pg_catalog.pg_class ic ON ic.oid = i.indexrelid
JOIN pg_catalog.pg_class t ON t.oid = i.indrelid
JOIN pg_catalog.pg_namespace n ON n.oid = ic.relnamespace
LEFT JOIN pg_catalog.pg_description d ON d.objoid = ic.oid AND d.classoid = 1259 AND d.objsubid = 0
LEFT JOIN pg_catalog.pg_constraint k ON k.conindid = ic.oid AND k.contype IN ('p', 'u', 'x')
WHERE k.oid IS NULL AND t.relkind IN ('r', 'p', 'm') AND t.relpersistence <> 't' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
