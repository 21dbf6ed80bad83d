SELECT pg_catalog.string_agg(e.classid || ':' || e.objid, ' ')
        FROM pg_catalog.pg_depend e
        WHERE e.classid IN (2602, 2603) AND e.refclassid = /*class*/ AND e.refobjid = owner.oid AND e.deptype IN ('a', 'i')
