SELECT 6104, p.oid, 0,
    pg_catalog.concat((SELECT pg_catalog.string_agg('6106:' || pr.oid, ' ') FROM pg_catalog.pg_publication_rel pr
        WHERE pr.prpubid = p.oid), ' ', /*schema_aliases*/),
    '', '', p.pubname, '', pg_catalog.pg_get_userbyid(p.pubowner), d.description, NULL, NULL,
    p.puballtables,
    pg_catalog.array_remove(ARRAY[
        'publish = ' || pg_catalog.quote_literal(pg_catalog.concat_ws(', ',
            CASE WHEN p.pubinsert THEN 'insert' END, CASE WHEN p.pubupdate THEN 'update' END,
            CASE WHEN p.pubdelete THEN 'delete' END, CASE WHEN p.pubtruncate THEN 'truncate' END)),
        'publish_via_partition_root = ' || p.pubviaroot::text,
        /*generated*/], NULL),
    (SELECT pg_catalog.json_agg(pg_catalog.json_build_array(n.nspname, c.relname, /*narrowed*/) ORDER BY n.nspname, c.relname)
        FROM pg_catalog.pg_publication_rel pr
        JOIN pg_catalog.pg_class c ON c.oid = pr.prrelid
        JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
        WHERE pr.prpubid = p.oid),
    /*schemas*/
FROM pg_catalog.pg_publication p
LEFT JOIN pg_catalog.pg_description d ON d.objoid = p.oid AND d.classoid = 6104 AND d.objsubid = 0
