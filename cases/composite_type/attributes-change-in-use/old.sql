CREATE TYPE ct AS (a int, b text);
CREATE TYPE grow AS (a int, b text);
CREATE TABLE g (x grow, y grow[]);
CREATE TABLE t (id int, v ct, w ct[]);
CREATE FUNCTION f(ct) RETURNS int LANGUAGE sql AS 'SELECT $1.a';
CREATE VIEW vw AS SELECT (v).a AS a FROM t;
