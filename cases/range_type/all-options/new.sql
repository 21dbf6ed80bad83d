CREATE FUNCTION sub(float8, float8) RETURNS float8 LANGUAGE sql IMMUTABLE AS 'SELECT $1 - $2';
CREATE TYPE r1 AS RANGE (subtype = float8, subtype_diff = float8mi, multirange_type_name = r1multi);
CREATE TYPE r2 AS RANGE (subtype = text, subtype_opclass = text_pattern_ops, collation = "POSIX");
CREATE TABLE t (id int PRIMARY KEY, a r1, b r2); CREATE INDEX t_a ON t USING gist (a);
COMMENT ON TYPE r1 IS 'r1'; CREATE TYPE "Fresh R" AS RANGE (subtype = int8, subtype_diff = int8range_subdiff);
