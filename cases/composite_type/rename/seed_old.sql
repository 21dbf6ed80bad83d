INSERT INTO t VALUES (1, ROW('a', 'b'), ARRAY[ROW('c', 'd')::address]); INSERT INTO typed VALUES ('e', 'f');
