-- What a database holds, a row for each object: what it is and everything that describes it, as PostgreSQL's own deparsers
-- write it. Written from the catalogs' documentation, not from Aludel's queries. Oids, statistics and the order of a table's
-- columns are left out; columns that only newer servers have come in by themselves through to_jsonb.
WITH own AS (
    SELECT oid, nspname FROM pg_namespace WHERE nspname !~ '^pg_' AND nspname <> 'information_schema'
), rel AS (
    SELECT c.* FROM pg_class c JOIN own ON own.oid = c.relnamespace
), found(what, value) AS (
    SELECT 'schema ' || n.nspname, jsonb_build_object('owner', n.nspowner::regrole, 'acl', coalesce(n.nspacl, acldefault('n', n.nspowner)))
    FROM pg_namespace n JOIN own ON own.oid = n.oid
    UNION ALL
    SELECT format('relation %s %s', c.relkind, c.oid::regclass),
        to_jsonb(c) - '{oid,relname,relnamespace,reltype,reloftype,relowner,relam,relfilenode,relpages,reltuples,relallvisible,relallfrozen,reltoastrelid,relnatts,relchecks,relhasrules,relhastriggers,relhassubclass,relhasindex,relrewrite,relfrozenxid,relminmxid,relacl,relpartbound,reloptions,relispopulated}'::text[]
        || jsonb_build_object('owner', c.relowner::regrole, 'of', c.reloftype::regtype,
            'am', (SELECT amname FROM pg_am WHERE oid = c.relam),
            'acl', CASE WHEN c.relkind IN ('r', 'p', 'v', 'm', 'f', 'S') THEN
                coalesce(c.relacl, acldefault((CASE c.relkind WHEN 'S' THEN 's' ELSE 'r' END)::"char", c.relowner)) END,
            'bound', pg_get_expr(c.relpartbound, c.oid), 'key', CASE WHEN c.relkind = 'p' THEN pg_get_partkeydef(c.oid) END,
            'options', (SELECT array_agg(o ORDER BY o) FROM unnest(c.reloptions) o),
            'toast', (SELECT t.reloptions FROM pg_class t WHERE t.oid = c.reltoastrelid),
            'query', CASE WHEN c.relkind IN ('v', 'm') THEN pg_get_viewdef(c.oid) END,
            'parents', (SELECT array_agg(i.inhparent::regclass ORDER BY i.inhseqno) FROM pg_inherits i WHERE i.inhrelid = c.oid))
    FROM rel c WHERE c.relkind <> 't'
    UNION ALL
    SELECT format('column %s.%I', a.attrelid::regclass, CASE WHEN c.relkind IN ('i', 'I') THEN a.attnum::text ELSE a.attname END),
        to_jsonb(a) - '{attrelid,attname,atttypid,attlen,attnum,attndims,attcacheoff,atttypmod,attbyval,attalign,atthasmissing,attmissingval,attcollation,attacl,attstattarget,attstorage}'::text[]
        || jsonb_build_object('type', format_type(a.atttypid, a.atttypmod), 'collation', a.attcollation::regcollation,
            'default', pg_get_expr(d.adbin, d.adrelid), 'storage', CASE WHEN c.relkind NOT IN ('i', 'I') THEN a.attstorage END, 'acl', coalesce(a.attacl, '{}'),
            'statistics', nullif(to_jsonb(a) -> 'attstattarget', '-1'),
            'place', CASE WHEN c.relkind NOT IN ('r', 'p', 'f') THEN
                (SELECT count(*) FROM pg_attribute o WHERE o.attrelid = a.attrelid AND o.attnum > 0 AND NOT o.attisdropped AND o.attnum < a.attnum) END)
    FROM pg_attribute a JOIN rel c ON c.oid = a.attrelid
    LEFT JOIN pg_attrdef d ON d.adrelid = a.attrelid AND d.adnum = a.attnum
    WHERE a.attnum > 0 AND NOT a.attisdropped AND c.relkind IN ('r', 'p', 'v', 'm', 'f', 'c', 'i', 'I')
    UNION ALL
    SELECT format('constraint %I on %s%s', CASE WHEN o.contype = 'f' AND o.conparentid <> 0 THEN pg_get_constraintdef(o.oid) ELSE o.conname END, nullif(o.conrelid, 0)::regclass, nullif(o.contypid, 0)::regtype),
        jsonb_build_object('definition', pg_get_constraintdef(o.oid), 'validated', o.convalidated, 'local', o.conislocal,
            'inherited', o.coninhcount, 'alone', o.connoinherit AND o.contype IN ('c', 'n'), 'part', o.conparentid <> 0)
    FROM pg_constraint o JOIN own ON own.oid = o.connamespace WHERE o.contype <> 't'
    UNION ALL
    SELECT 'index ' || i.indexrelid::regclass,
        jsonb_build_object('definition', pg_get_indexdef(i.indexrelid), 'clustered', i.indisclustered, 'identity', i.indisreplident,
            'valid', i.indisvalid, 'immediate', i.indimmediate)
    FROM pg_index i JOIN rel c ON c.oid = i.indexrelid
    UNION ALL
    SELECT format('trigger %I on %s', t.tgname, t.tgrelid::regclass),
        jsonb_build_object('definition', pg_get_triggerdef(t.oid), 'enabled', t.tgenabled, 'part', t.tgparentid <> 0)
    FROM pg_trigger t JOIN rel c ON c.oid = t.tgrelid WHERE NOT t.tgisinternal
    UNION ALL
    SELECT format('policy %I on %s', p.polname, p.polrelid::regclass),
        to_jsonb(p) - '{oid,polrelid,polroles,polqual,polwithcheck}'::text[]
        || jsonb_build_object('roles', ARRAY(SELECT r::regrole::text FROM unnest(p.polroles) r ORDER BY 1),
            'using', pg_get_expr(p.polqual, p.polrelid), 'check', pg_get_expr(p.polwithcheck, p.polrelid))
    FROM pg_policy p
    UNION ALL
    SELECT format('rule %I on %s', r.rulename, r.ev_class::regclass),
        jsonb_build_object('definition', pg_get_ruledef(r.oid), 'enabled', r.ev_enabled)
    FROM pg_rewrite r JOIN rel c ON c.oid = r.ev_class WHERE r.rulename <> '_RETURN'
    UNION ALL
    SELECT format('routine %s', p.oid::regprocedure),
        jsonb_build_object('owner', p.proowner::regrole, 'acl', coalesce(p.proacl, acldefault('f', p.proowner)),
            -- SELECT * in a parsed body lists the relation's columns in the order that they have there.
            'definition', CASE WHEN p.prokind <> 'a' THEN replace(pg_get_functiondef(p.oid), coalesce(
                (SELECT string_agg(format('%I.%I', c.relname, a.attname), E',\n     ' ORDER BY a.attnum) FROM pg_class c
                    JOIN pg_attribute a ON a.attrelid = c.oid AND a.attnum > 0 AND NOT a.attisdropped
                    WHERE c.reltype = p.prorettype AND p.prosqlbody IS NOT NULL), ''), '*') END,
            'aggregate', (SELECT to_jsonb(a) || jsonb_build_object('aggtranstype', a.aggtranstype::regtype, 'aggmtranstype', a.aggmtranstype::regtype,
                'aggfnoid', 0, 'parallel', p.proparallel) FROM pg_aggregate a WHERE a.aggfnoid = p.oid))
    FROM pg_proc p JOIN own ON own.oid = p.pronamespace
    UNION ALL
    SELECT format('type %s', t.oid::regtype),
        jsonb_build_object('owner', t.typowner::regrole, 'acl', coalesce(t.typacl, acldefault('T', t.typowner)), 'kind', t.typtype,
            'base', format_type(nullif(t.typbasetype, 0), t.typtypmod), 'not null', t.typnotnull, 'default', t.typdefault,
            'collation', t.typcollation::regcollation,
            'labels', ARRAY(SELECT e.enumlabel::text FROM pg_enum e WHERE e.enumtypid = t.oid ORDER BY e.enumsortorder),
            'range', (SELECT jsonb_build_array(r.rngsubtype::regtype, r.rngcollation::regcollation, r.rngcanonical, r.rngsubdiff, r.rngmultitypid::regtype,
                (SELECT opcname FROM pg_opclass WHERE oid = r.rngsubopc)) FROM pg_range r WHERE r.rngtypid = t.oid))
    FROM pg_type t JOIN own ON own.oid = t.typnamespace LEFT JOIN pg_class c ON c.oid = t.typrelid
    WHERE t.typcategory <> 'A' AND coalesce(c.relkind, 'c') = 'c'
    UNION ALL
    SELECT 'sequence ' || s.seqrelid::regclass,
        to_jsonb(s) - '{seqrelid,seqtypid}'::text[] || jsonb_build_object('type', s.seqtypid::regtype,
            'owner', (SELECT format('%s %s.%I', d.deptype, a.attrelid::regclass, a.attname) FROM pg_depend d
                JOIN pg_attribute a ON a.attrelid = d.refobjid AND a.attnum = d.refobjsubid
                WHERE d.classid = 'pg_class'::regclass AND d.objid = s.seqrelid AND d.refclassid = 'pg_class'::regclass AND d.deptype IN ('a', 'i')))
    FROM pg_sequence s
    UNION ALL
    SELECT format('statistics %I.%I', s.stxnamespace::regnamespace, s.stxname),
        jsonb_build_object('owner', s.stxowner::regrole, 'target', nullif(to_jsonb(s) -> 'stxstattarget', '-1'), 'kinds', s.stxkind,
            'table', s.stxrelid::regclass, 'expressions', pg_get_statisticsobjdef_expressions(s.oid),
            'columns', ARRAY(SELECT a.attname::text FROM pg_attribute a WHERE a.attrelid = s.stxrelid AND a.attnum = ANY (s.stxkeys) ORDER BY 1))
    FROM pg_statistic_ext s
    UNION ALL
    SELECT format('publication %I', p.pubname), to_jsonb(p) - '{oid,pubname,pubowner}'::text[] || jsonb_build_object('owner', p.pubowner::regrole)
    FROM pg_publication p
    UNION ALL
    SELECT format('published %I %s', p.pubname, r.prrelid::regclass),
        (SELECT to_jsonb(t) - '{attnames}'::text[] || jsonb_build_object('columns',
            (SELECT jsonb_agg(x ORDER BY x #>> '{}') FROM jsonb_array_elements(to_jsonb(t) -> 'attnames') x))
        FROM pg_publication_tables t WHERE t.pubname = p.pubname AND t.tablename = c.relname
            AND t.schemaname = (SELECT nspname FROM own WHERE own.oid = c.relnamespace))
    FROM pg_publication_rel r JOIN pg_publication p ON p.oid = r.prpubid JOIN pg_class c ON c.oid = r.prrelid
    UNION ALL
    SELECT format('default privileges %s %s %s', d.defaclrole::regrole, nullif(d.defaclnamespace, 0)::regnamespace, d.defaclobjtype), to_jsonb(d.defaclacl)
    FROM pg_default_acl d
    UNION ALL
    SELECT format('wrapper %I', w.fdwname),
        jsonb_build_object('owner', w.fdwowner::regrole, 'handler', w.fdwhandler::regproc, 'validator', w.fdwvalidator::regproc,
            'options', w.fdwoptions, 'acl', coalesce(w.fdwacl, acldefault('F', w.fdwowner)))
    FROM pg_foreign_data_wrapper w
    UNION ALL
    SELECT format('server %I', s.srvname),
        jsonb_build_object('owner', s.srvowner::regrole, 'wrapper', (SELECT fdwname FROM pg_foreign_data_wrapper WHERE oid = s.srvfdw),
            'type', s.srvtype, 'version', s.srvversion, 'options', s.srvoptions, 'acl', coalesce(s.srvacl, acldefault('S', s.srvowner)))
    FROM pg_foreign_server s
    UNION ALL
    SELECT format('user mapping %s %I', nullif(u.umuser, 0)::regrole, s.srvname), jsonb_build_object('options', u.umoptions)
    FROM pg_user_mapping u JOIN pg_foreign_server s ON s.oid = u.umserver
    UNION ALL
    SELECT 'foreign table ' || f.ftrelid::regclass,
        jsonb_build_object('server', (SELECT srvname FROM pg_foreign_server WHERE oid = f.ftserver), 'options', f.ftoptions)
    FROM pg_foreign_table f
    UNION ALL
    SELECT format('event trigger %I', e.evtname),
        to_jsonb(e) - '{oid,evtname,evtowner,evtfoid}'::text[] || jsonb_build_object('owner', e.evtowner::regrole, 'function', e.evtfoid::regprocedure)
    FROM pg_event_trigger e
    UNION ALL
    SELECT format('collation %s', c.oid::regcollation),
        to_jsonb(c) - '{oid,collname,collnamespace,collowner}'::text[] || jsonb_build_object('owner', c.collowner::regrole)
    FROM pg_collation c JOIN own ON own.oid = c.collnamespace
    UNION ALL
    SELECT format('operator %s', o.oid::regoperator), jsonb_build_object('owner', o.oprowner::regrole, 'function', o.oprcode,
        'restrict', o.oprrest, 'join', o.oprjoin, 'commutator', o.oprcom::regoperator, 'negator', o.oprnegate::regoperator,
        'merges', o.oprcanmerge, 'hashes', o.oprcanhash)
    FROM pg_operator o JOIN own ON own.oid = o.oprnamespace
    UNION ALL
    SELECT format('cast %s as %s', c.castsource::regtype, c.casttarget::regtype),
        jsonb_build_object('function', c.castfunc::regprocedure, 'context', c.castcontext, 'method', c.castmethod)
    FROM pg_cast c WHERE c.oid >= 16384
    UNION ALL
    SELECT format('dictionary %s', d.oid::regdictionary),
        jsonb_build_object('owner', d.dictowner::regrole, 'template', d.dicttemplate, 'options', d.dictinitoption)
    FROM pg_ts_dict d JOIN own ON own.oid = d.dictnamespace
    UNION ALL
    SELECT format('configuration %s', c.oid::regconfig), jsonb_build_object('owner', c.cfgowner::regrole, 'parser', c.cfgparser,
        'map', (SELECT jsonb_agg(jsonb_build_array(m.maptokentype, m.mapdict::regdictionary) ORDER BY m.maptokentype, m.mapseqno)
            FROM pg_ts_config_map m WHERE m.mapcfg = c.oid))
    FROM pg_ts_config c JOIN own ON own.oid = c.cfgnamespace
    UNION ALL
    SELECT format('extension %I', e.extname), jsonb_build_object('version', e.extversion, 'schema', e.extnamespace::regnamespace)
    FROM pg_extension e
    UNION ALL
    SELECT format('comment on %s %s', o.type, o.identity), to_jsonb(d.description)
    FROM pg_description d, pg_identify_object(d.classoid, d.objoid, d.objsubid) o
    WHERE d.objoid >= 16384 OR d.classoid = 'pg_namespace'::regclass
    UNION ALL
    SELECT format('%s %s', o.type, o.identity), '{}'
    FROM (SELECT oid, tableoid FROM pg_operator UNION ALL SELECT oid, tableoid FROM pg_cast UNION ALL SELECT oid, tableoid FROM pg_opclass
        UNION ALL SELECT oid, tableoid FROM pg_opfamily UNION ALL SELECT oid, tableoid FROM pg_conversion UNION ALL SELECT oid, tableoid FROM pg_language
        UNION ALL SELECT oid, tableoid FROM pg_am UNION ALL SELECT oid, tableoid FROM pg_transform UNION ALL SELECT oid, tableoid FROM pg_ts_config
        UNION ALL SELECT oid, tableoid FROM pg_ts_dict UNION ALL SELECT oid, tableoid FROM pg_ts_parser UNION ALL SELECT oid, tableoid FROM pg_ts_template) x,
        pg_identify_object(x.tableoid, x.oid, 0) o
    WHERE x.oid >= 16384
)
-- Privileges in an order of their own.
SELECT what, CASE WHEN jsonb_typeof(value -> 'acl') = 'array' THEN jsonb_set(value, '{acl}', (SELECT coalesce(jsonb_agg(x ORDER BY x #>> '{}'), '[]') FROM jsonb_array_elements(value -> 'acl') x))
    WHEN jsonb_typeof(value) = 'array' THEN (SELECT jsonb_agg(x ORDER BY x #>> '{}') FROM jsonb_array_elements(value) x)
    ELSE value END::text
FROM found
ORDER BY 1, 2
