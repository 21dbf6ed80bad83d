DO $$ BEGIN CREATE ROLE r1; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
CREATE SEQUENCE s; CREATE SEQUENCE s2; CREATE FUNCTION h() RETURNS int LANGUAGE sql AS 'SELECT 4';
CREATE TABLE t (a int, b int DEFAULT nextval('s2'), c timestamptz DEFAULT clock_timestamp() NOT NULL, d text DEFAULT 'y', e int DEFAULT 5, f jsonb DEFAULT '{"a": 1}' NOT NULL, g int DEFAULT h(), h int[] DEFAULT ARRAY[1, 3], fresh text DEFAULT 'f' NOT NULL);
COMMENT ON COLUMN t.fresh IS 'f'; GRANT SELECT (fresh), UPDATE (b) ON t TO r1;
