SELECT 'pk'::regclass::oid, 'ix'::regclass::oid, 'uq'::regclass::oid; SELECT oid FROM pg_policy; SELECT oid FROM pg_publication; SELECT oid FROM pg_constraint WHERE oid > 16384 ORDER BY 1
