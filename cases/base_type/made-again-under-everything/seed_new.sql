INSERT INTO t VALUES ('1', '{3,4}', '5', '[1,2)', 0); INSERT INTO u VALUES ('1');
