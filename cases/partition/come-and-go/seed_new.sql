INSERT INTO kinds VALUES (1), (2); INSERT INTO t VALUES (1, 1, 1, 'a'), (2, 21, 2, 'b'), (3, 31, NULL, 'c'), (7, 41, 1, 'd');
