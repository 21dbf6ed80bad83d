INSERT INTO t VALUES (1, 'a note', NULL, '(1,x)', 'y'), (2, NULL, '{5}', NULL, NULL);
