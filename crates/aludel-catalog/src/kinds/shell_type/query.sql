SELECT CASE WHEN t.typisdefined THEN 0 ELSE 1247 END, t.oid, 0, NULL, n.nspname, '', t.typname, '',
    CASE WHEN NOT t.typisdefined THEN pg_catalog.pg_get_userbyid(t.typowner) END, d.description, NULL, NULL,
    NOT t.typisdefined
FROM pg_catalog.pg_type t
JOIN pg_catalog.pg_namespace n ON n.oid = t.typnamespace
LEFT JOIN pg_catalog.pg_range r ON r.rngtypid = t.oid
LEFT JOIN pg_catalog.pg_description d ON d.objoid = t.oid AND d.classoid = 1247 AND d.objsubid = 0 AND NOT t.typisdefined
WHERE (NOT t.typisdefined OR r.rngcanonical <> 0
    OR t.typtype = 'b' AND NOT EXISTS (SELECT FROM pg_catalog.pg_type e WHERE e.typarray = t.oid))
  AND n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
  -- The beginning of a defined type has no address in pg_depend, by which an extension's objects are left out elsewhere.
  AND NOT EXISTS (
    SELECT FROM pg_catalog.pg_depend e
    WHERE e.classid = 1247 AND e.objid = t.oid AND e.deptype = 'e')
