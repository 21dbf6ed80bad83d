DO $$ BEGIN CREATE ROLE r1; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
ALTER ROLE r1 SUPERUSER;
CREATE SUBSCRIPTION a CONNECTION 'host=set-by-hand.invalid' PUBLICATION p, "R r" WITH (connect = false, slot_name = 'sb', streaming = on, synchronous_commit = 'local');
CREATE SUBSCRIPTION "Fresh s" CONNECTION 'host=set-by-hand.invalid' PUBLICATION p WITH (connect = false, slot_name = NONE);
ALTER SUBSCRIPTION a OWNER TO r1; COMMENT ON SUBSCRIPTION "Fresh s" IS 'f';
