INSERT INTO p VALUES (1, '2020-05-01', 'x'), (2, '2021-05-01', 'y');
