CREATE TYPE span AS RANGE (subtype = int4);
CREATE TABLE t (x span, y span_multirange);
CREATE VIEW v AS SELECT x && span(1, 2) AS o, span_multirange(x) FROM t;
