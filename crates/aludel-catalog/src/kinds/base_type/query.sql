SELECT 1247, t.oid, 0, '1247:' || t.typarray, n.nspname, '', t.typname, '', pg_catalog.pg_get_userbyid(t.typowner),
    d.description, t.typacl, CASE WHEN t.typacl IS NOT NULL THEN pg_catalog.acldefault('T', t.typowner) END,
    pg_catalog.array_remove(ARRAY[
        'INPUT = ' || t.typinput, 'OUTPUT = ' || t.typoutput,
        'INTERNALLENGTH = ' || CASE WHEN t.typlen < 0 THEN 'VARIABLE' ELSE t.typlen::text END,
        CASE WHEN t.typbyval THEN 'PASSEDBYVALUE' END,
        'ALIGNMENT = ' || CASE t.typalign WHEN 'c' THEN 'char' WHEN 's' THEN 'int2' WHEN 'd' THEN 'double' ELSE 'int4' END,
        CASE WHEN t.typcategory <> 'U' THEN 'CATEGORY = ' || pg_catalog.quote_literal(t.typcategory::text) END,
        CASE WHEN t.typispreferred THEN 'PREFERRED = true' END,
        CASE WHEN t.typdefault IS NOT NULL THEN 'DEFAULT = ' || pg_catalog.quote_literal(t.typdefault) END,
        CASE WHEN t.typelem <> 0 THEN 'ELEMENT = ' || pg_catalog.format_type(t.typelem, NULL) END,
        CASE WHEN t.typdelim <> ',' THEN 'DELIMITER = ' || pg_catalog.quote_literal(t.typdelim::text) END,
        CASE WHEN t.typcollation <> 0 THEN 'COLLATABLE = true' END], NULL),
    t.typstorage, (
        SELECT pg_catalog.json_agg(pg_catalog.json_build_array(f.option, f.name) ORDER BY f.place)
        FROM (VALUES (1, 'RECEIVE', t.typreceive), (2, 'SEND', t.typsend), (3, 'TYPMOD_IN', t.typmodin),
            (4, 'TYPMOD_OUT', t.typmodout), (5, 'ANALYZE', t.typanalyze), (6, 'SUBSCRIPT', t.typsubscript))
            AS f (place, option, name)
        WHERE f.name <> 0)
FROM pg_catalog.pg_type t
JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
LEFT JOIN pg_catalog.pg_description d ON d.objoid = t.oid AND d.classoid = 1247 AND d.objsubid = 0
WHERE t.typtype = 'b' AND t.typisdefined AND NOT EXISTS (SELECT FROM pg_catalog.pg_type e WHERE e.typarray = t.oid)
  AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
