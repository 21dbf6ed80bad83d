CREATE TABLE users (id integer PRIMARY KEY, email text, name text NOT NULL, status text);
CREATE VIEW names AS SELECT id, name FROM users;
