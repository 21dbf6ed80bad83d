ALTER TABLE users ADD COLUMN title text;
