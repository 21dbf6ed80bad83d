CREATE TABLE users (id integer PRIMARY KEY, email text, name text NOT NULL, status text);
ALTER TABLE users ENABLE ROW LEVEL SECURITY;
