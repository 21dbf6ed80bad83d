CREATE TYPE ct AS (a int, b text);
CREATE TABLE t1 (a int, b text); CREATE TABLE t2 OF ct (PRIMARY KEY (a), b WITH OPTIONS DEFAULT 'x' NOT NULL);
CREATE TABLE u1 (id serial PRIMARY KEY); CREATE UNLOGGED TABLE u2 (id int PRIMARY KEY) WITH (fillfactor = 80, toast.autovacuum_enabled = false);
CREATE TABLE st (a text, b bytea, c jsonb);
ALTER TABLE st ALTER a SET STORAGE MAIN, ALTER b SET STORAGE PLAIN, ALTER b SET COMPRESSION pglz, ALTER c SET (n_distinct = -0.5, n_distinct_inherited = 3);
CREATE TABLE t3 OF ct; CREATE TABLE t4 OF ct (a WITH OPTIONS PRIMARY KEY);
