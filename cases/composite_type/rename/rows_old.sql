SELECT 'address'::regtype::oid, 'v'::regclass::oid; TABLE t; TABLE typed
