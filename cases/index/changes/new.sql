CREATE TABLE t (a int, b text, c jsonb, d int4range);
CREATE INDEX i1 ON t (a DESC NULLS LAST, b COLLATE "C"); CREATE INDEX i2 ON t USING gin (c jsonb_path_ops) WITH (fastupdate = off); CREATE UNIQUE INDEX i3 ON t (lower(b)) NULLS NOT DISTINCT WHERE a > 1; CREATE INDEX i4 ON t USING hash (b); CREATE INDEX i5 ON t (a) INCLUDE (b) WITH (fillfactor = 50); CREATE INDEX i6 ON t USING gist (d); CREATE INDEX i7 ON t USING brin (a) WITH (pages_per_range = 8); CREATE INDEX i8 ON t ((a + 1), (b || 'x'));
ALTER INDEX i8 ALTER COLUMN 1 SET STATISTICS 200;
COMMENT ON INDEX i1 IS 'one';
