CREATE TYPE spans;
CREATE FUNCTION canon(spans) RETURNS spans LANGUAGE internal IMMUTABLE STRICT AS 'int4range_canonical';
CREATE TYPE spans AS RANGE (subtype = int, canonical = canon);
CREATE TABLE t (a spans);
