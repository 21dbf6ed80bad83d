CREATE TYPE spans;
CREATE FUNCTION canon(spans) RETURNS spans LANGUAGE internal IMMUTABLE STRICT AS 'int4range_canonical';
CREATE TYPE spans AS RANGE (subtype = int, canonical = canon, multirange_type_name = many, subtype_opclass = int4_ops);
COMMENT ON FUNCTION canon(spans) IS 'kept';
CREATE TABLE t (a spans, m many, EXCLUDE USING gist (a WITH &&));
CREATE VIEW v AS SELECT lower(a) FROM t;
CREATE TYPE plain AS RANGE (subtype = text, collation = "C");
