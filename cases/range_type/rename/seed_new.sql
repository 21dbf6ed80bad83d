INSERT INTO t VALUES (stretch(1, 3), stretch_multirange(stretch(1, 2)))
