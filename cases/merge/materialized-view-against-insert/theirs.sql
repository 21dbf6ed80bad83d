INSERT INTO users (id, name) VALUES (100, 'root');
