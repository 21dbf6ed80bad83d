SELECT 1259, a.attrelid, a.attnum, CASE WHEN ad.oid IS NOT NULL THEN '2604:' || ad.oid END,
    n.nspname, c.relname, a.attname, '', pg_catalog.pg_get_userbyid(c.relowner), d.description,
    a.attacl, CASE WHEN a.attacl IS NOT NULL THEN pg_catalog.acldefault('c', c.relowner) END,
    c.relkind, a.attnum, pg_catalog.format_type(a.atttypid, a.atttypmod),
    CASE WHEN a.attcollation <> t.typcollation THEN (
        SELECT pg_catalog.format('%I.%I', cn.nspname, co.collname)
        FROM pg_catalog.pg_collation co
        JOIN pg_catalog.pg_namespace cn ON cn.oid = co.collnamespace
        WHERE co.oid = a.attcollation) END,
    a.attnotnull, pg_catalog.pg_get_expr(ad.adbin, ad.adrelid), a.attgenerated, a.attidentity,
    CASE WHEN a.attidentity <> '' THEN (
        SELECT pg_catalog.json_build_array(pg_catalog.json_build_array(s.seqstart::text, s.seqincrement::text,
            s.seqmin::text, s.seqmax::text, s.seqcache::text, s.seqcycle::text,
            pg_catalog.format('%I.%I', sn.nspname, sc.relname)))
        FROM pg_catalog.pg_depend i
        JOIN pg_catalog.pg_sequence s ON s.seqrelid = i.objid
        JOIN pg_catalog.pg_class sc ON sc.oid = i.objid
        JOIN pg_catalog.pg_namespace sn ON sn.oid = sc.relnamespace
        WHERE i.classid = 1259 AND i.refclassid = 1259 AND i.refobjid = a.attrelid AND i.refobjsubid = a.attnum
          AND i.deptype = 'i') END,
    CASE WHEN a.attstorage <> t.typstorage THEN a.attstorage END, t.typstorage, a.attcompression, NULLIF(a.attstattarget, -1),
    a.attoptions, CASE WHEN a.attinhcount = 0 THEN 'o' WHEN a.attislocal THEN 'm' ELSE 'i' END,
    a.attfdwoptions, /*recomputable*/,
    a.attidentity <> '' AND c.relhassubclass AND pg_catalog.strpos('/*plain_children*/', c.relkind::text) > 0
        AND EXISTS (SELECT FROM pg_catalog.pg_inherits h WHERE h.inhparent = c.oid), /*not_null*/,
    ad.oid IS NOT NULL AND a.attgenerated = '' AND EXISTS (
        SELECT FROM pg_catalog.string_to_table(ad.adbin::text, 'funcid ') WITH ORDINALITY AS called (tail, place)
        JOIN pg_catalog.pg_proc f ON f.oid = CASE WHEN called.place > 1
            THEN pg_catalog.substring(called.tail, '^\d+')::oid END
        WHERE f.provolatile = 'v')
FROM pg_catalog.pg_attribute a
JOIN pg_catalog.pg_class c ON c.oid = a.attrelid
JOIN pg_catalog.pg_namespace n ON n.oid = c.relnamespace
JOIN pg_catalog.pg_type t ON t.oid = a.atttypid
LEFT JOIN pg_catalog.pg_attrdef ad ON ad.adrelid = a.attrelid AND ad.adnum = a.attnum
LEFT JOIN pg_catalog.pg_description d ON d.objoid = a.attrelid AND d.classoid = 1259 AND d.objsubid = a.attnum
/*not_null_join*/
WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'v', 'm', 'f') AND c.relpersistence <> 't'
  AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
