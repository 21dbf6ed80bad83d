SELECT id, last, first, twice, m FROM t ORDER BY id; SELECT 't_first'::regclass::oid, 'v'::regclass::oid;
