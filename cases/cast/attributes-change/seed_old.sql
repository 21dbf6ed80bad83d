INSERT INTO t VALUES ('low', 1, 'high'), ('high', 2, 'low');
