CREATE TABLE a (id int PRIMARY KEY WITH (fillfactor = 90), b text) WITH (fillfactor = 60, toast.autovacuum_vacuum_scale_factor = 0.4, toast.autovacuum_enabled = false, toast_tuple_target = 256, log_autovacuum_min_duration = 5);
CREATE TABLE c (id int UNIQUE WITH (fillfactor = 55), b text);
