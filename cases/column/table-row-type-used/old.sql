CREATE TABLE t (a int, b text); CREATE TABLE u (id int, r t, s t[]);
CREATE FUNCTION f(t) RETURNS text LANGUAGE sql AS 'SELECT $1.b';
CREATE INDEX ON u ((r IS NULL));
