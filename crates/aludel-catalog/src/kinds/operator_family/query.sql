SELECT 2753, owner.oid, 0, (
        /*addresses*/),
    n.nspname, '', owner.opfname, am.amname, pg_catalog.pg_get_userbyid(owner.opfowner), d.description, NULL, NULL, (
        /*members*/)
FROM pg_catalog.pg_opfamily owner
JOIN pg_catalog.pg_namespace n ON n.oid = owner.opfnamespace
JOIN pg_catalog.pg_am am ON am.oid = owner.opfmethod
LEFT JOIN pg_catalog.pg_description d ON d.objoid = owner.oid AND d.classoid = 2753 AND d.objsubid = 0
WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
