CREATE TABLE t (a int, c text, d int); CREATE TABLE u (id int, r t, s t[]);
CREATE FUNCTION f(t) RETURNS text LANGUAGE sql AS 'SELECT $1.c';
CREATE INDEX ON u ((r IS NULL));
