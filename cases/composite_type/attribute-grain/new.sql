DO $$ BEGIN CREATE ROLE r1; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
CREATE TYPE c AS (a bigint, b varchar(20), k text COLLATE "POSIX", z date); COMMENT ON TYPE c IS 'cc'; COMMENT ON COLUMN c.a IS 'a'; COMMENT ON COLUMN c.z IS 'z';
REVOKE USAGE ON TYPE c FROM PUBLIC;
CREATE TYPE outer_c AS (c c, n bigint); CREATE FUNCTION f(c) RETURNS int LANGUAGE sql AS 'SELECT ($1).a::int';
CREATE TYPE empty AS (x int);
