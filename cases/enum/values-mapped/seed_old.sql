INSERT INTO t VALUES (1, 'stale', '{stale,done,gone}', 'gone', '{stale,new}', '{gone}', ROW('stale', 1)), (2, 'done', NULL, NULL, NULL, NULL, NULL),
    (3, 'new', '{}', 'new', '{}', '{}', ROW(NULL, 3));
INSERT INTO k VALUES ('stale'), ('done'); INSERT INTO f VALUES ('stale');
