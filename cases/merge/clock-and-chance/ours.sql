ALTER TABLE users ADD COLUMN made timestamptz DEFAULT now();
