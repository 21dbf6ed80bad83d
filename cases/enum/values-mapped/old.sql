CREATE TYPE status AS ENUM ('new', 'stale', 'done', 'gone');
CREATE DOMAIN kept AS status DEFAULT 'stale';
CREATE DOMAIN many AS status[];
CREATE TYPE pair AS (s status, n int);
CREATE TABLE t (id int PRIMARY KEY, s status NOT NULL DEFAULT 'stale', l status[] DEFAULT '{stale,new}', k kept, kl kept[], m many, p pair,
    CHECK (s <> 'gone' OR id > 0));
CREATE TABLE k (s status PRIMARY KEY); CREATE TABLE f (s status REFERENCES k);
CREATE INDEX i ON t (id) WHERE s = 'stale';
CREATE VIEW v AS SELECT id FROM t WHERE s = 'stale';
CREATE FUNCTION trg() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE 'must not fire'; END $$;
CREATE TRIGGER tr BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION trg();
