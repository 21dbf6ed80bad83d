SELECT 2605, c.oid, 0, NULL, '', '',
    pg_catalog.format('(%s AS %s)', pg_catalog.format_type(c.castsource, NULL), pg_catalog.format_type(c.casttarget, NULL)),
    '', NULL, d.description, NULL, NULL,
    CASE WHEN c.castfunc <> 0 THEN c.castfunc::regprocedure END, c.castmethod = 'i', c.castcontext
FROM pg_catalog.pg_cast c
LEFT JOIN pg_catalog.pg_description d ON d.objoid = c.oid AND d.classoid = 2605 AND d.objsubid = 0
WHERE c.oid >= 16384 AND NOT EXISTS (
    SELECT FROM pg_catalog.pg_depend i WHERE i.classid = 2605 AND i.objid = c.oid AND i.deptype = 'i')
