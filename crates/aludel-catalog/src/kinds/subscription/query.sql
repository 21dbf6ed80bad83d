SELECT 6100, s.oid, 0, NULL, '', '', s.subname, '', pg_catalog.pg_get_userbyid(s.subowner), d.description, NULL, NULL,
    s.subpublications, s.subslotname, ARRAY[
        'binary=' || s.subbinary::text, 'synchronous_commit=' || s.subsynccommit,
        'streaming=' || CASE s.substream::text WHEN 't' THEN 'on' WHEN 'true' THEN 'on' WHEN 'p' THEN 'parallel' ELSE 'off' END/*later*/]
FROM pg_catalog.pg_subscription s
LEFT JOIN pg_catalog.pg_description d ON d.objoid = s.oid AND d.classoid = 6100 AND d.objsubid = 0
WHERE s.subdbid = (SELECT o.oid FROM pg_catalog.pg_database o WHERE o.datname = pg_catalog.current_database())
