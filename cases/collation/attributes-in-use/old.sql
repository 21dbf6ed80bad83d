DO $$ BEGIN CREATE ROLE r1; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
CREATE COLLATION co (provider = icu, locale = 'de', deterministic = false); CREATE COLLATION gone (provider = libc, locale = 'C');
COMMENT ON COLLATION co IS 'co'; ALTER COLLATION co OWNER TO r1;
CREATE TABLE t (id int PRIMARY KEY, a text COLLATE co DEFAULT 'x', b text);
CREATE INDEX t_b ON t (b COLLATE co); CREATE UNIQUE INDEX t_a ON t (a);
CREATE DOMAIN d AS text COLLATE co; CREATE TABLE u (a d); CREATE VIEW v AS SELECT a, b COLLATE co AS b FROM t;
