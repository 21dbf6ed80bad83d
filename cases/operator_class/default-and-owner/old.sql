DO $$ BEGIN CREATE ROLE r1 SUPERUSER; EXCEPTION WHEN duplicate_object THEN NULL; END $$; DO $$ BEGIN CREATE ROLE r2 SUPERUSER; EXCEPTION WHEN duplicate_object THEN NULL; END $$;

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
CREATE DOMAIN num AS int;
CREATE TYPE e AS ENUM ('a', 'b');
CREATE OPERATOR CLASS e_ops FOR TYPE e USING btree AS OPERATOR 1 <(anyenum, anyenum), OPERATOR 2 <=(anyenum, anyenum), OPERATOR 3 =(anyenum, anyenum), OPERATOR 4 >=(anyenum, anyenum), OPERATOR 5 >(anyenum, anyenum), FUNCTION 1 enum_cmp(anyenum, anyenum);
CREATE TABLE t (a e);
