SELECT 3466, e.oid, 0, NULL, '', '', e.evtname, '', pg_catalog.pg_get_userbyid(e.evtowner), d.description, NULL, NULL,
    e.evtevent, pg_catalog.format('%I.%I', n.nspname, p.proname), e.evttags, e.evtenabled
FROM pg_catalog.pg_event_trigger e
JOIN pg_catalog.pg_proc p ON p.oid = e.evtfoid
JOIN pg_catalog.pg_namespace n ON n.oid = p.pronamespace
LEFT JOIN pg_catalog.pg_description d ON d.objoid = e.oid AND d.classoid = 3466 AND d.objsubid = 0
