SELECT pg_catalog.json_agg(pg_catalog.json_build_array(
            m.sort, m.number::text, m.left_type, m.right_type, m.object, m.order_by)
            ORDER BY m.sort, m.number, m.left_type, m.right_type)
        FROM (
            SELECT 'o' AS sort, o.amopstrategy AS number, pg_catalog.format_type(o.amoplefttype, NULL) AS left_type,
                pg_catalog.format_type(o.amoprighttype, NULL) AS right_type, o.amopopr::regoperator::text AS object, (
                SELECT pg_catalog.format('%I.%I', sn.nspname, s.opfname)
                FROM pg_catalog.pg_opfamily s
                JOIN pg_catalog.pg_namespace sn ON sn.oid = s.opfnamespace
                WHERE s.oid = o.amopsortfamily) AS order_by
            FROM pg_catalog.pg_depend e
            JOIN pg_catalog.pg_amop o ON o.oid = e.objid
            WHERE e.classid = 2602 AND e.refclassid = /*class*/ AND e.refobjid = owner.oid AND e.deptype IN ('a', 'i')
            UNION ALL
            SELECT 'p', p.amprocnum, pg_catalog.format_type(p.amproclefttype, NULL),
                pg_catalog.format_type(p.amprocrighttype, NULL), p.amproc::regprocedure::text, NULL
            FROM pg_catalog.pg_depend e
            JOIN pg_catalog.pg_amproc p ON p.oid = e.objid
            WHERE e.classid = 2603 AND e.refclassid = /*class*/ AND e.refobjid = owner.oid AND e.deptype IN ('a', 'i')) m
