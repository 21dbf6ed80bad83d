INSERT INTO t VALUES (1, 'a note', NULL, '(1,x,2024-01-01)', 'y'), (2, NULL, '5', NULL, NULL);
