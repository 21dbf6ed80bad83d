INSERT INTO c (x, y, z, own) VALUES (1, 2, 3, 'o'); INSERT INTO e (x, y, z) VALUES (4, 5, 6); INSERT INTO d (x, y) VALUES (7, 8);
