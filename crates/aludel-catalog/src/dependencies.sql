SELECT classid, objid, objsubid, refclassid, refobjid, refobjsubid, deptype
FROM pg_catalog.pg_depend
WHERE (objid >= 16384 OR classid = 2615)
  AND (refobjid >= 16384 OR refclassid = 2615)
  AND deptype <> 'p'
