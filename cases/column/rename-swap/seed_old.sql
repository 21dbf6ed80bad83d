INSERT INTO t VALUES (1, 'ann', 'lee'); INSERT INTO child VALUES (2, 'bob', 'ray');
