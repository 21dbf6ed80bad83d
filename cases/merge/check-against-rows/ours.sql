ALTER TABLE users ADD CONSTRAINT short CHECK (length(name) < 20);
