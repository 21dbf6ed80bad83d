INSERT INTO users (id, name, status) VALUES (100, 'root', 'y');
