CREATE FUNCTION sub(float8, float8) RETURNS float8 LANGUAGE sql IMMUTABLE AS 'SELECT $1 - $2';
CREATE TYPE r1 AS RANGE (subtype = float8, subtype_diff = sub);
CREATE TYPE r2 AS RANGE (subtype = text, collation = "C"); CREATE TYPE gone AS RANGE (subtype = int8);
CREATE TABLE t (id int PRIMARY KEY, a r1, b r2); CREATE INDEX t_a ON t USING gist (a);
COMMENT ON TYPE r1 IS 'r1';
