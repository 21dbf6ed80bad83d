CREATE TYPE ct AS (a bigint, b text);
CREATE TYPE grow AS (b text, c date);
CREATE TABLE g (x grow, y grow[]);
COMMENT ON COLUMN ct.b IS 'bee';
CREATE TABLE t (id int, v text, w ct[]);
CREATE FUNCTION f(ct) RETURNS bigint LANGUAGE sql AS 'SELECT $1.a';
