INSERT INTO t (a) VALUES (1), (2); INSERT INTO t (l, a, r) VALUES ('high', 1, NULL); REFRESH MATERIALIZED VIEW mv; INSERT INTO child VALUES ('low', 1); INSERT INTO typed_part VALUES (1, 'low');
