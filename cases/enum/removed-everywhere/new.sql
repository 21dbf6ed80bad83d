CREATE TYPE status AS ENUM ('old', 'new');
CREATE DOMAIN dstatus AS status DEFAULT 'new';
CREATE FUNCTION is_new(s status) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$ SELECT s = 'new'::public.status $$;
CREATE FUNCTION next_status(s status DEFAULT 'new') RETURNS status LANGUAGE plpgsql AS $$ BEGIN RETURN s; END $$;
CREATE TABLE t (id int PRIMARY KEY, s status NOT NULL DEFAULT 'new', arr status[] DEFAULT '{new,old}', d dstatus,
  CONSTRAINT c CHECK (s <> 'old' OR id > 0), CONSTRAINT c2 CHECK (is_new(s) OR true));
CREATE INDEX t_s ON t (s);
CREATE INDEX t_part ON t (id) WHERE s = 'new';
CREATE UNIQUE INDEX t_expr ON t ((s = 'new'), id) WHERE s IN ('new', 'old');
CREATE VIEW v AS SELECT id, s FROM t WHERE s = 'new';
CREATE MATERIALIZED VIEW mv AS SELECT s, count(*) FROM t GROUP BY s;
ALTER TABLE t ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON t USING (s = 'new');
CREATE FUNCTION trg() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER tr BEFORE UPDATE OF s ON t FOR EACH ROW WHEN (NEW.s = 'new') EXECUTE FUNCTION trg();
COMMENT ON TYPE status IS 'state';
