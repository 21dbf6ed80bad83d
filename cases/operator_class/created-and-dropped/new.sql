CREATE FUNCTION abs_lt(int, int) RETURNS boolean LANGUAGE sql IMMUTABLE STRICT AS 'SELECT abs($1) < abs($2)';
CREATE FUNCTION abs_le(int, int) RETURNS boolean LANGUAGE sql IMMUTABLE STRICT AS 'SELECT abs($1) <= abs($2)';
CREATE FUNCTION abs_eq(int, int) RETURNS boolean LANGUAGE sql IMMUTABLE STRICT AS 'SELECT abs($1) = abs($2)';
CREATE FUNCTION abs_ge(int, int) RETURNS boolean LANGUAGE sql IMMUTABLE STRICT AS 'SELECT abs($1) >= abs($2)';
CREATE FUNCTION abs_gt(int, int) RETURNS boolean LANGUAGE sql IMMUTABLE STRICT AS 'SELECT abs($1) > abs($2)';
CREATE FUNCTION abs_cmp(int, int) RETURNS int LANGUAGE sql IMMUTABLE STRICT AS 'SELECT btint4cmp(abs($1), abs($2))';
CREATE OPERATOR |< (FUNCTION = abs_lt, LEFTARG = int, RIGHTARG = int, COMMUTATOR = |>, NEGATOR = |>=);
CREATE OPERATOR |<= (FUNCTION = abs_le, LEFTARG = int, RIGHTARG = int, COMMUTATOR = |>=, NEGATOR = |>);
CREATE OPERATOR |= (FUNCTION = abs_eq, LEFTARG = int, RIGHTARG = int, COMMUTATOR = |=, HASHES, MERGES);
CREATE OPERATOR |>= (FUNCTION = abs_ge, LEFTARG = int, RIGHTARG = int, COMMUTATOR = |<=, NEGATOR = |<);
CREATE OPERATOR |> (FUNCTION = abs_gt, LEFTARG = int, RIGHTARG = int, COMMUTATOR = |<, NEGATOR = |<=);

CREATE OPERATOR CLASS abs_ops FOR TYPE int USING btree AS OPERATOR 1 |<, OPERATOR 2 |<=, OPERATOR 3 |=, OPERATOR 4 |>=, OPERATOR 5 |>, FUNCTION 1 abs_cmp(int, int);
CREATE SCHEMA "S";
CREATE OPERATOR FAMILY "S"."fam" USING hash;
CREATE FUNCTION abs_hash(int) RETURNS int LANGUAGE sql IMMUTABLE STRICT AS 'SELECT hashint4(abs($1))';
CREATE OPERATOR CLASS "S"."Hash" FOR TYPE int USING hash FAMILY "S".fam AS OPERATOR 1 |=, FUNCTION 1 abs_hash(int);
CREATE OPERATOR CLASS boxes FOR TYPE point USING gist AS
    OPERATOR 1 <<(point, point), OPERATOR 15 <->(point, point) FOR ORDER BY float_ops, FUNCTION 1 gist_point_consistent(internal, point, smallint, oid, internal),
    FUNCTION 2 gist_box_union(internal, internal), FUNCTION 3 gist_point_compress(internal),
    FUNCTION 5 gist_box_penalty(internal, internal, internal), FUNCTION 6 gist_box_picksplit(internal, internal),
    FUNCTION 7 gist_box_same(box, box, internal), FUNCTION 8 gist_point_distance(internal, point, smallint, oid, internal), STORAGE box;
CREATE OPERATOR CLASS arrays FOR TYPE int[] USING gin AS
    OPERATOR 1 &&(anyarray, anyarray), FUNCTION 1 btint4cmp(int, int), FUNCTION 2 ginarrayextract(anyarray, internal, internal),
    FUNCTION 3 ginqueryarrayextract(anyarray, internal, smallint, internal, internal, internal, internal),
    FUNCTION 4 ginarrayconsistent(internal, smallint, anyarray, integer, internal, internal, internal, internal), STORAGE int;
COMMENT ON OPERATOR CLASS "S"."Hash" USING hash IS 'class';
COMMENT ON OPERATOR FAMILY "S".fam USING hash IS 'family';
CREATE TABLE t (a int, b int, EXCLUDE USING hash (a "S"."Hash" WITH |=));
CREATE INDEX i ON t (a abs_ops DESC, b);
CREATE INDEX j ON t USING hash (b "S"."Hash");
CREATE TABLE u (a int PRIMARY KEY, x int[], p point) PARTITION BY RANGE (a);
CREATE INDEX k ON u USING gin (x arrays);
CREATE INDEX l ON u USING gist (p boxes);
CREATE VIEW v AS SELECT a FROM t ORDER BY a USING |<;
CREATE VIEW w AS SELECT DISTINCT ON (a) a FROM t ORDER BY a USING |>;
