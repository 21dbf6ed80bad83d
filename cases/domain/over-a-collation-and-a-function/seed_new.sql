INSERT INTO t VALUES ('b', '{c}');
