INSERT INTO users (id, name) VALUES (100, 'a name that is much too long');
