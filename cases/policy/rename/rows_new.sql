SELECT 'pk2'::regclass::oid, 'ix2'::regclass::oid, 'uq2'::regclass::oid; SELECT oid FROM pg_policy; SELECT oid FROM pg_publication; SELECT oid FROM pg_constraint WHERE oid > 16384 ORDER BY 1
