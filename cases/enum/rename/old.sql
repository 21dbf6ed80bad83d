CREATE TYPE status AS ENUM ('new', 'in progress', 'done');
CREATE DOMAIN open_status AS status CHECK (VALUE <> 'done');
CREATE TABLE t (id int, s status DEFAULT 'in progress', l status[] DEFAULT '{done}', o open_status, CHECK (s <> 'done' OR id > 0));
CREATE VIEW v AS SELECT * FROM t WHERE s = 'in progress';
CREATE INDEX i ON t (id) WHERE s = 'done';
CREATE TABLE p (s status) PARTITION BY LIST (s);
CREATE TABLE p_done PARTITION OF p FOR VALUES IN ('done');
CREATE FUNCTION f(s status) RETURNS bool LANGUAGE sql BEGIN ATOMIC SELECT s = 'done'::status; END;
