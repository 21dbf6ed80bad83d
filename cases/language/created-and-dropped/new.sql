CREATE TRUSTED LANGUAGE mine HANDLER plpgsql_call_handler INLINE plpgsql_inline_handler VALIDATOR plpgsql_validator;
CREATE LANGUAGE "Of Mine" HANDLER plpgsql_call_handler;
COMMENT ON LANGUAGE mine IS 'like plpgsql';
CREATE FUNCTION handler() RETURNS language_handler LANGUAGE c AS '$libdir/plpgsql', 'plpgsql_call_handler';
CREATE LANGUAGE third HANDLER handler;
CREATE FUNCTION f(x int) RETURNS int LANGUAGE mine AS 'BEGIN RETURN x; END';
CREATE VIEW v AS SELECT f(1) AS x;
