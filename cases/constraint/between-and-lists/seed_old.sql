INSERT INTO t VALUES (2, 3, 'x'), (1, 1, NULL);
