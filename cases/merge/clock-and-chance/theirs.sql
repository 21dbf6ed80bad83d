INSERT INTO users (id, name) VALUES (100, 'root'), (101, md5(random()::text));
