CREATE TYPE stretch AS RANGE (subtype = int4);
CREATE TABLE t (x stretch, y stretch_multirange);
CREATE VIEW v AS SELECT x && stretch(1, 2) AS o, stretch_multirange(x) AS span_multirange FROM t;
