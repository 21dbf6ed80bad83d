DO $$ BEGIN CREATE ROLE r1 SUPERUSER; EXCEPTION WHEN duplicate_object THEN NULL; END $$; DO $$ BEGIN CREATE ROLE r2 SUPERUSER; EXCEPTION WHEN duplicate_object THEN NULL; END $$;

CREATE FUNCTION near(int, int) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT abs($1 - $2) < 2';
CREATE FUNCTION nearer(int, int) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT abs($1 - $2) < 1';
CREATE FUNCTION far(int, int) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT abs($1 - $2) >= 2';

CREATE OPERATOR ~~~ (FUNCTION = near, LEFTARG = int, RIGHTARG = int, RESTRICT = neqsel, JOIN = neqjoinsel);
CREATE OPERATOR ~~~~ (FUNCTION = near, LEFTARG = int, RIGHTARG = int, RESTRICT = eqsel, JOIN = eqjoinsel);
ALTER OPERATOR ~~~~ (int, int) OWNER TO r1;
COMMENT ON OPERATOR ~~~~ (int, int) IS 'new';
CREATE VIEW v AS SELECT 1 ~~~ 2 AS x;
