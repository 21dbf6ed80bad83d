SELECT 2616, owner.oid, 0, (
        /*addresses*/),
    n.nspname, '', owner.opcname, am.amname, pg_catalog.pg_get_userbyid(owner.opcowner), d.description, NULL, NULL,
    owner.opcdefault, pg_catalog.format_type(owner.opcintype, NULL), pg_catalog.format('%I.%I', fn.nspname, f.opfname),
    CASE WHEN owner.opckeytype <> 0 THEN pg_catalog.format_type(owner.opckeytype, NULL) END, (
        /*members*/)
FROM pg_catalog.pg_opclass owner
JOIN pg_catalog.pg_namespace n ON n.oid = owner.opcnamespace
JOIN pg_catalog.pg_am am ON am.oid = owner.opcmethod
JOIN pg_catalog.pg_opfamily f ON f.oid = owner.opcfamily
JOIN pg_catalog.pg_namespace fn ON fn.oid = f.opfnamespace
LEFT JOIN pg_catalog.pg_description d ON d.objoid = owner.oid AND d.classoid = 2616 AND d.objsubid = 0
WHERE n.nspname !~ '^pg_' AND n.nspname <> 'information_schema'
