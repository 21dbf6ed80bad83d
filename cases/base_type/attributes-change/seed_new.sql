INSERT INTO t VALUES ('1', '{2}'); INSERT INTO u VALUES (1, 'a', 'b');
