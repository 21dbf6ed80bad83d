INSERT INTO t VALUES (1, 'in progress', '{done,new}', 'new'); INSERT INTO p VALUES ('done');
