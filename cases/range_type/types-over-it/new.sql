CREATE TYPE span AS RANGE (subtype = int, subtype_diff = int4range_subdiff);
CREATE DOMAIN short AS span CHECK (upper(VALUE) < 10);
COMMENT ON DOMAIN short IS 'kept';
CREATE TYPE pair AS (a span, b int, c span_multirange);
CREATE TYPE leaves AS (a text, b int);
CREATE TABLE t (s short, d short[], p pair, q span_multirange DEFAULT '{[1,2)}', l leaves, n text DEFAULT '[1,2)'::span::text);
CREATE VIEW v AS SELECT (p).a AS x, s FROM t;
CREATE TYPE uses AS (x text, y int);
CREATE TABLE u (c uses);
