CREATE TYPE status AS ENUM ('done', 'new');
CREATE DOMAIN kept AS status DEFAULT 'new';
CREATE DOMAIN many AS status[];
CREATE TYPE pair AS (s status, n int);
CREATE TABLE t (id int PRIMARY KEY, s status NOT NULL DEFAULT 'new', l status[] DEFAULT '{new}', k kept, kl kept[], m many, p pair,
    CHECK (s <> 'done' OR id > 0));
CREATE TABLE k (s status PRIMARY KEY); CREATE TABLE f (s status REFERENCES k);
CREATE INDEX i ON t (id) WHERE s = 'done';
CREATE VIEW v AS SELECT id FROM t WHERE s = 'new';
CREATE FUNCTION trg() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'must not fire'; END $$;
CREATE TRIGGER tr BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION trg();
