DO $$ BEGIN CREATE ROLE r1; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
CREATE SEQUENCE s; CREATE FUNCTION g() RETURNS int LANGUAGE sql AS 'SELECT 4';
CREATE TABLE t (a int DEFAULT 1, b int DEFAULT nextval('s'), c timestamptz DEFAULT now(), d text DEFAULT 'x' NOT NULL, e int NOT NULL, f jsonb DEFAULT '{}', g int DEFAULT g(), h int[] DEFAULT '{1,2}', gone text);
COMMENT ON COLUMN t.a IS 'a'; GRANT SELECT (a), UPDATE (b) ON t TO r1;
