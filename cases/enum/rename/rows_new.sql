SELECT 'state'::regtype::oid, 't'::regclass::oid, 'i'::regclass::oid, 'v'::regclass::oid, id, s::text, l::text, o FROM t; SELECT count(*) FROM p_done;
