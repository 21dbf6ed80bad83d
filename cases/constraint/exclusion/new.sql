CREATE EXTENSION btree_gist;
CREATE TABLE t (room int, during tsrange, x int, CONSTRAINT e1 EXCLUDE USING gist (room WITH =, during WITH &&, int4range(x, x, '[]') WITH &&) WITH (fillfactor = 70) WHERE (room > 0), CONSTRAINT e2 EXCLUDE USING gist (during WITH &&) WHERE (x > 0), CONSTRAINT e3 EXCLUDE (x WITH =));
COMMENT ON CONSTRAINT e1 ON t IS 'e1';
