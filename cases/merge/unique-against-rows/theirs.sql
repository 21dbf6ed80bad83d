INSERT INTO users (id, name) VALUES (100, 'same'), (101, 'same');
