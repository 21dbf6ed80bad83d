CREATE TYPE state AS ENUM ('new', 'active', 'finished');
CREATE DOMAIN open_status AS state CHECK (VALUE <> 'finished');
CREATE TABLE t (id int, s state DEFAULT 'active', l state[] DEFAULT '{finished}', o open_status, CHECK (s <> 'finished' OR id > 0));
CREATE VIEW v AS SELECT * FROM t WHERE s = 'active';
CREATE INDEX i ON t (id) WHERE s = 'finished';
CREATE TABLE p (s state) PARTITION BY LIST (s);
CREATE TABLE p_done PARTITION OF p FOR VALUES IN ('finished');
CREATE FUNCTION f(s state) RETURNS bool LANGUAGE sql BEGIN ATOMIC SELECT s = 'finished'::state; END;
