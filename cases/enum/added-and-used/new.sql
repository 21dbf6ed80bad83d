CREATE TYPE status AS ENUM ('0', 'a', 'b', 'c', 'd');
CREATE TABLE t (id int PRIMARY KEY, s status DEFAULT 'd', CHECK (s <> 'b'));
CREATE VIEW v AS SELECT id FROM t WHERE s IN ('b', '0');
CREATE INDEX ON t (id) WHERE s = 'b';
CREATE TABLE u (s status PRIMARY KEY);
CREATE FUNCTION f() RETURNS status LANGUAGE sql BEGIN ATOMIC SELECT 'b'::status; END;
