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

CREATE FUNCTION il(int, bigint) RETURNS boolean LANGUAGE internal IMMUTABLE STRICT AS 'int48lt';
CREATE FUNCTION ic(int, bigint) RETURNS int LANGUAGE internal IMMUTABLE STRICT AS 'btint48cmp';
CREATE FUNCTION ig(int, bigint) RETURNS boolean LANGUAGE internal IMMUTABLE STRICT AS 'int48gt';
CREATE OPERATOR |< (FUNCTION = il, LEFTARG = int, RIGHTARG = bigint);
CREATE OPERATOR |> (FUNCTION = ig, RESTRICT = scalargtsel, LEFTARG = int, RIGHTARG = bigint);

CREATE OPERATOR CLASS abs_ops FOR TYPE int USING btree AS OPERATOR 1 |<, OPERATOR 2 |<=, OPERATOR 3 |=, OPERATOR 4 |>=, OPERATOR 5 |>, FUNCTION 1 abs_cmp(int, int);
CREATE TABLE t (a int);
CREATE INDEX i ON t (a abs_ops);
ALTER OPERATOR FAMILY abs_ops USING btree ADD OPERATOR 5 |>(int, bigint), FUNCTION 1 (int, bigint) ic(int, bigint), FUNCTION 2 (int, int) btint4sortsupport(internal);
COMMENT ON OPERATOR FAMILY abs_ops USING btree IS 'new';
CREATE OPERATOR FAMILY lonely USING btree;
ALTER OPERATOR FAMILY lonely USING btree ADD OPERATOR 1 |<(int, int), OPERATOR 2 |<=(int, int), OPERATOR 5 |>(int, bigint);
