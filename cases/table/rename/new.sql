CREATE TABLE accounts (id serial PRIMARY KEY, full_name text NOT NULL, email text CONSTRAINT accounts_email_key UNIQUE,
    boss int REFERENCES accounts, age int CHECK (age > 0));
CREATE INDEX accounts_full_name_idx ON accounts (full_name) WHERE age > 1;
CREATE TABLE posts (id int PRIMARY KEY, author int REFERENCES accounts (id) ON DELETE CASCADE, body text);
CREATE VIEW grown AS SELECT id, full_name AS name FROM accounts WHERE age > 17;
CREATE MATERIALIZED VIEW names AS SELECT full_name AS name, count(*) FROM accounts GROUP BY full_name;
CREATE FUNCTION first_name() RETURNS text STABLE LANGUAGE sql BEGIN ATOMIC SELECT full_name FROM accounts ORDER BY id LIMIT 1; END;
ALTER TABLE accounts ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON accounts USING (full_name = current_user);
GRANT SELECT (full_name) ON accounts TO PUBLIC;
COMMENT ON COLUMN accounts.full_name IS 'as they sign';
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER touched BEFORE UPDATE OF full_name ON accounts FOR EACH ROW EXECUTE FUNCTION touch();
CREATE STATISTICS accounts_st ON full_name, email FROM accounts;
