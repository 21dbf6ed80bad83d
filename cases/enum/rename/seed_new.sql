INSERT INTO t VALUES (1, 'active', '{finished,new}', 'new'); INSERT INTO p VALUES ('finished');
