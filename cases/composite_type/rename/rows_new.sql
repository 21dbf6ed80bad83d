SELECT 'place'::regtype::oid, 'v'::regclass::oid; TABLE t; TABLE typed
