INSERT INTO t VALUES (1, 1, 1, 'a'), (1, 11, 1, 'b'), (2, 12, NULL, 'c'); INSERT INTO u VALUES (1, 1); INSERT INTO w VALUES (1, 1);
