CREATE TABLE given (id int, body text);
CREATE TABLE taken (id int, body text) WITH (fillfactor = 80, toast.autovacuum_enabled = false);
CREATE TABLE later (id int, body int);
CREATE MATERIALIZED VIEW seen WITH (toast.autovacuum_enabled = false) AS SELECT body FROM taken;
