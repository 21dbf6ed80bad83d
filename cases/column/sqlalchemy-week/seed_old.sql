INSERT INTO users (email) VALUES ('a@b'); INSERT INTO orders (user_id, total, data) VALUES (1, 5, '{}');
