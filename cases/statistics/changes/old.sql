DO $$ BEGIN CREATE ROLE s1; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
CREATE TABLE t (a int, b int, c text);
CREATE STATISTICS st1 (dependencies) ON a, b FROM t;
CREATE STATISTICS "St 2" ON (a + b), c FROM t;
CREATE STATISTICS st3 ON a, c FROM t;
COMMENT ON STATISTICS st1 IS 'one';
