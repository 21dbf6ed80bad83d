INSERT INTO person VALUES (1, 'a', 3); INSERT INTO employee VALUES (2, 'b', 4, 100);
