INSERT INTO kinds VALUES (1), (2); INSERT INTO t VALUES (1, 1, 1, 'a'), (2, 11, 2, 'b'), (1, 31, NULL, 'c');
