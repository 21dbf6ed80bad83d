CREATE UNIQUE INDEX one_name ON users (name);
