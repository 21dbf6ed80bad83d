CREATE TABLE given (id int, body text) WITH (toast.autovacuum_enabled = false, toast.autovacuum_vacuum_threshold = 7);
CREATE TABLE taken (id int, body text) WITH (fillfactor = 80);
CREATE TABLE later (id int, body text) WITH (toast.autovacuum_enabled = false);
CREATE MATERIALIZED VIEW seen AS SELECT body FROM taken;
