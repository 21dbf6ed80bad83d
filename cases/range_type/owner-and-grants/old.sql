DO $$ BEGIN CREATE ROLE r1; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
CREATE TYPE span AS RANGE (subtype = float8);
