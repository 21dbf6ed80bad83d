SELECT 'span'::regtype::oid, 'v'::regclass::oid; TABLE t; SELECT span(1,2), span_multirange()
