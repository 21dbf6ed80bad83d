DO $$ BEGIN CREATE ROLE r1 SUPERUSER; EXCEPTION WHEN duplicate_object THEN NULL; END $$; DO $$ BEGIN CREATE ROLE r2 SUPERUSER; EXCEPTION WHEN duplicate_object THEN NULL; END $$;

CREATE TRUSTED LANGUAGE la HANDLER plpgsql_call_handler INLINE plpgsql_inline_handler VALIDATOR plpgsql_validator;
ALTER LANGUAGE la OWNER TO r1;
REVOKE ALL ON LANGUAGE la FROM PUBLIC;
GRANT USAGE ON LANGUAGE la TO r2;
CREATE TRUSTED LANGUAGE lb HANDLER plpgsql_call_handler INLINE plpgsql_inline_handler VALIDATOR plpgsql_validator;
CREATE TRUSTED LANGUAGE lc HANDLER plpgsql_call_handler INLINE plpgsql_inline_handler VALIDATOR plpgsql_validator;
CREATE TRUSTED LANGUAGE ld HANDLER plpgsql_call_handler INLINE plpgsql_inline_handler VALIDATOR plpgsql_validator;
ALTER LANGUAGE ld OWNER TO r2;
GRANT USAGE ON LANGUAGE ld TO r1;
