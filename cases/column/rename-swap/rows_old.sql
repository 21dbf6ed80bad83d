SELECT id, first, last, total, n FROM t ORDER BY id; SELECT 't_first'::regclass::oid, 'v'::regclass::oid;
