CREATE VIEW addresses AS SELECT id, email FROM users;
