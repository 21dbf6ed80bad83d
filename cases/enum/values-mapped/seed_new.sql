INSERT INTO t VALUES (1, 'new', '{new,done,done}', 'done', '{new,new}', '{done}', ROW('new', 1)), (2, 'done', NULL, NULL, NULL, NULL, NULL),
    (3, 'new', '{}', 'new', '{}', '{}', ROW(NULL, 3));
INSERT INTO k VALUES ('new'), ('done'); INSERT INTO f VALUES ('new');
