INSERT INTO c (id, own, id2) VALUES (1, 'o', 2);
