INSERT INTO ref VALUES (1, 'a'); INSERT INTO pt VALUES (1, 'x', 'a', '2020-02-02', 1), (2, 'y', 'b', '2021-02-02', NULL), (3, 'x', 'c', '2021-03-02', 1); INSERT INTO fk VALUES ('a', '2020-02-02', 1);
