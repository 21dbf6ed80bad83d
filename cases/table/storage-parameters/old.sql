CREATE TABLE a (id int PRIMARY KEY WITH (fillfactor = 80), b text) WITH (fillfactor = 70, autovacuum_enabled = false, toast.autovacuum_vacuum_scale_factor = 0.3, parallel_workers = 2, user_catalog_table = true);
CREATE TABLE c (id int UNIQUE, b text) WITH (toast.vacuum_truncate = off, vacuum_index_cleanup = auto);
