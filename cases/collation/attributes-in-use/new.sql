DO $$ BEGIN CREATE ROLE r1; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
CREATE COLLATION co (provider = icu, locale = 'fr'); CREATE COLLATION fresh (provider = libc, lc_collate = 'C', lc_ctype = 'POSIX');
COMMENT ON COLLATION fresh IS 'f'; ALTER COLLATION fresh OWNER TO r1;
CREATE TABLE t (id int PRIMARY KEY, a text COLLATE co DEFAULT 'x', b text COLLATE fresh);
CREATE INDEX t_b ON t (b COLLATE co); CREATE UNIQUE INDEX t_a ON t (a);
CREATE DOMAIN d AS text COLLATE co; CREATE TABLE u (a d); CREATE VIEW v AS SELECT a, b COLLATE co AS b FROM t;
