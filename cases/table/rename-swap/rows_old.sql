SELECT 'a'::regclass::oid, 'a_pkey'::regclass::oid, 'c'::regclass::oid, 'v'::regclass::oid; TABLE a; TABLE b; TABLE c; TABLE d;
