CREATE TABLE users (id serial PRIMARY KEY, name text NOT NULL, email text CONSTRAINT users_email_key UNIQUE,
    boss int REFERENCES users, age int CHECK (age > 0));
CREATE INDEX users_name_idx ON users (name) WHERE age > 1;
CREATE TABLE posts (id int PRIMARY KEY, author int REFERENCES users (id) ON DELETE CASCADE, body text);
CREATE VIEW grown AS SELECT id, name FROM users WHERE age > 17;
CREATE MATERIALIZED VIEW names AS SELECT name, count(*) FROM users GROUP BY name;
CREATE FUNCTION first_name() RETURNS text STABLE LANGUAGE sql BEGIN ATOMIC SELECT name FROM users ORDER BY id LIMIT 1; END;
ALTER TABLE users ENABLE ROW LEVEL SECURITY;
CREATE POLICY own ON users USING (name = current_user);
GRANT SELECT (name) ON users TO PUBLIC;
COMMENT ON COLUMN users.name IS 'as they sign';
CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$;
CREATE TRIGGER touched BEFORE UPDATE OF name ON users FOR EACH ROW EXECUTE FUNCTION touch();
CREATE STATISTICS users_st ON name, email FROM users;
