CREATE TABLE t (a int, b text, c jsonb, d int4range);
CREATE INDEX i1 ON t (a); CREATE INDEX i2 ON t USING gin (c); CREATE UNIQUE INDEX i3 ON t (lower(b)) WHERE a > 0; CREATE INDEX i4 ON t (b text_pattern_ops); CREATE INDEX i5 ON t (a) WITH (fillfactor = 60);
COMMENT ON INDEX i1 IS 'one'; COMMENT ON INDEX i2 IS 'two';
