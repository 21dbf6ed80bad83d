INSERT INTO t VALUES ('a', 'b', 'c', 1, 'e', 'f');
