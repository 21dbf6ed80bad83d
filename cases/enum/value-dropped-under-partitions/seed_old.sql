INSERT INTO t VALUES (1, 'good'), (11, 'bad'); INSERT INTO child VALUES ('good', 1);
