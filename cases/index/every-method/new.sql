CREATE EXTENSION bloom;
CREATE TABLE t (id int, a int, b text, c jsonb, d int4range, e point, f tsvector, g int[]);
CREATE INDEX i1 ON t USING hash (b) WITH (fillfactor = 50); CREATE INDEX i2 ON t USING gist (e) WITH (buffering = on); CREATE INDEX i3 ON t USING spgist (e kd_point_ops); CREATE INDEX i4 ON t USING brin (a int4_minmax_multi_ops (values_per_range = 16)) WITH (pages_per_range = 16); CREATE INDEX i5 ON t USING gin (f) WITH (fastupdate = off); CREATE INDEX i6 ON t USING gin (g) WITH (gin_pending_list_limit = 200); CREATE INDEX i7 ON t USING bloom (a, id) WITH (length = 96); CREATE INDEX i8 ON t USING gist (f tsvector_ops (siglen = 200)); CREATE INDEX i9 ON t (a);
COMMENT ON INDEX i8 IS 'i8';
