CREATE TRUSTED LANGUAGE la HANDLER plpgsql_call_handler VALIDATOR plpgsql_validator;
CREATE LANGUAGE lb HANDLER plpgsql_call_handler INLINE plpgsql_inline_handler VALIDATOR plpgsql_validator;
CREATE TRUSTED LANGUAGE lc HANDLER plpgsql_call_handler INLINE plpgsql_inline_handler VALIDATOR plpgsql_validator;
CREATE LANGUAGE ld HANDLER plpgsql_call_handler INLINE plpgsql_inline_handler VALIDATOR plpgsql_validator;
CREATE FUNCTION f(x int) RETURNS int LANGUAGE la AS 'BEGIN RETURN x; END';
CREATE FUNCTION g(x int) RETURNS int LANGUAGE ld AS 'BEGIN RETURN x; END';
COMMENT ON FUNCTION g(int) IS 'in d';
CREATE VIEW v AS SELECT f(1), g(1);
COMMENT ON LANGUAGE la IS 'new';
