DO $$ BEGIN CREATE ROLE r1; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
ALTER ROLE r1 SUPERUSER;
CREATE SUBSCRIPTION a CONNECTION 'host=set-by-hand.invalid' PUBLICATION p, q WITH (connect = false, slot_name = 'sa', binary = true);
CREATE SUBSCRIPTION gone CONNECTION 'host=set-by-hand.invalid' PUBLICATION p WITH (connect = false, slot_name = NONE);
CREATE SUBSCRIPTION dropped CONNECTION 'host=set-by-hand.invalid' PUBLICATION p WITH (connect = false, slot_name = 'kept');
COMMENT ON SUBSCRIPTION a IS 'a';
