CREATE TABLE users (id integer PRIMARY KEY, email text, name text NOT NULL, status text);
