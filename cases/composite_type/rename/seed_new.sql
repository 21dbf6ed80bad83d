INSERT INTO t VALUES (1, ROW('a', 'b'), ARRAY[ROW('c', 'd')::place]); INSERT INTO typed VALUES ('e', 'f');
