DO $$ BEGIN CREATE ROLE r1 SUPERUSER; EXCEPTION WHEN duplicate_object THEN NULL; END $$; DO $$ BEGIN CREATE ROLE r2 SUPERUSER; EXCEPTION WHEN duplicate_object THEN NULL; END $$;

CREATE TRUSTED LANGUAGE la HANDLER plpgsql_call_handler INLINE plpgsql_inline_handler VALIDATOR plpgsql_validator;
CREATE TRUSTED LANGUAGE lb HANDLER plpgsql_call_handler INLINE plpgsql_inline_handler VALIDATOR plpgsql_validator;
GRANT USAGE ON LANGUAGE lb TO r1 WITH GRANT OPTION;
CREATE TRUSTED LANGUAGE lc HANDLER plpgsql_call_handler INLINE plpgsql_inline_handler VALIDATOR plpgsql_validator;
REVOKE USAGE ON LANGUAGE lc FROM PUBLIC;
