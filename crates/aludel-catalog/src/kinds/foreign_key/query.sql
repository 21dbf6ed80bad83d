SELECT 2606, k.oid, 0, NULL, n.nspname, c.relname, k.conname, '', NULL, d.description, NULL, NULL,
    pg_catalog.pg_get_constraintdef(k.oid), k.conparentid <> 0, rn.nspname, r.relname
FROM pg_catalog.pg_constraint k
JOIN pg_catalog.pg_class c ON c.oid = k.conrelid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_class r ON r.oid = k.confrelid
JOIN pg_catalog.pg_namespace rn ON rn.oid = r.relnamespace
LEFT JOIN pg_catalog.pg_description d ON d.objoid = k.oid AND d.classoid = 2606 AND d.objsubid = 0
WHERE k.contype = 'f' AND c.relkind IN ('r', 'p') AND c.relpersistence <> 't' AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
