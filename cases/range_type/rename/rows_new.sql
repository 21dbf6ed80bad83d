SELECT 'stretch'::regtype::oid, 'v'::regclass::oid; TABLE t; SELECT stretch(1,2), stretch_multirange()
