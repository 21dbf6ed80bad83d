CREATE TYPE span AS RANGE (subtype = float8, subtype_diff = float8mi);
COMMENT ON TYPE span IS 'span';
CREATE TYPE trange AS RANGE (subtype = text, collation = "C", multirange_type_name = "many T");
CREATE TABLE t (id int PRIMARY KEY, s span DEFAULT '[1,2)', n span[], DEFAULT_ text DEFAULT 'x');
CREATE TABLE u (a trange, b "many T", c span_multirange, EXCLUDE USING gist (a WITH &&));
CREATE INDEX t_s ON t USING gist (s);
CREATE VIEW v AS SELECT lower(s) AS l FROM t;
CREATE FUNCTION f(span) RETURNS float8 LANGUAGE sql AS 'SELECT upper($1)';
