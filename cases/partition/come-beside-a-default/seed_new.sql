INSERT INTO t VALUES (1, 5, 'eu'), (2, -5, 'us'), (3, NULL, NULL); INSERT INTO l VALUES (1, 'eu', 5), (2, NULL, 15), (3, 'asia', NULL), (4, 'eu', NULL); INSERT INTO q VALUES (1, 'X');
