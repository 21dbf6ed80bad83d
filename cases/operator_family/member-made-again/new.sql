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

CREATE FUNCTION il(a int, b bigint) RETURNS boolean LANGUAGE internal IMMUTABLE STRICT AS 'int48lt';
CREATE FUNCTION ic(a int, b bigint) RETURNS int LANGUAGE internal IMMUTABLE STRICT AS 'btint48cmp';
CREATE FUNCTION ig(int, bigint) RETURNS boolean LANGUAGE internal IMMUTABLE STRICT AS 'int48gt';
CREATE OPERATOR |< (FUNCTION = il, LEFTARG = int, RIGHTARG = bigint);
CREATE OPERATOR |> (FUNCTION = ig, LEFTARG = int, RIGHTARG = bigint);

CREATE OPERATOR FAMILY fam USING btree;
ALTER OPERATOR FAMILY fam USING btree ADD OPERATOR 1 |<(int, bigint), OPERATOR 5 |>(int, bigint), FUNCTION 1 (int, bigint) ic(int, bigint);
COMMENT ON OPERATOR FAMILY fam USING btree IS 'kept';
