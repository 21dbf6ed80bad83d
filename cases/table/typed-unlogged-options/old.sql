CREATE TYPE ct AS (a int, b text);
CREATE TABLE t1 OF ct; CREATE TABLE t2 (a int, b text);
CREATE UNLOGGED TABLE u1 (id serial PRIMARY KEY); CREATE TABLE u2 (id int PRIMARY KEY) WITH (fillfactor = 70, autovacuum_enabled = false);
CREATE TABLE st (a text, b bytea, c jsonb);
ALTER TABLE st ALTER a SET STORAGE EXTERNAL, ALTER b SET STATISTICS 10, ALTER c SET (n_distinct = 5);
