INSERT INTO a VALUES (1, 'a'); INSERT INTO b VALUES (2, 'b', 3, 'x'); INSERT INTO c VALUES (3, 'c', 'q', 4);
