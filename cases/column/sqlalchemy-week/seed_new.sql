INSERT INTO users (email) VALUES ('a@b'); INSERT INTO orders (user_id, status) VALUES (1, 'paid');
