CREATE TYPE spans;
CREATE FUNCTION canon(spans) RETURNS spans LANGUAGE internal IMMUTABLE STRICT AS 'int4range_canonical';
CREATE FUNCTION diff(int, int) RETURNS float8 LANGUAGE internal IMMUTABLE STRICT AS 'int4range_subdiff';
CREATE TYPE spans AS RANGE (subtype = int, subtype_diff = diff, canonical = canon);
COMMENT ON FUNCTION canon(spans) IS 'kept';
CREATE TABLE t (a spans, m spans_multirange, EXCLUDE USING gist (a WITH &&));
CREATE VIEW v AS SELECT lower(a) FROM t;
