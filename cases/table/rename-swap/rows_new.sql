SELECT 'b'::regclass::oid, 'b_pkey'::regclass::oid, 'd'::regclass::oid, 'v'::regclass::oid; TABLE b; TABLE a; TABLE d; TABLE e;
