SELECT 'natural_number'::regtype::oid, 'f'::regproc::oid; TABLE t; SELECT oid FROM pg_constraint WHERE contypid <> 0 AND oid > 16384 ORDER BY 1
