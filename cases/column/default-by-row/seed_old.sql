INSERT INTO t SELECT n, 'a' FROM generate_series(1, 300) AS n;
INSERT INTO child SELECT n, 'b', n FROM generate_series(301, 400) AS n;
INSERT INTO p SELECT n, n % 2 + 1 FROM generate_series(1, 200) AS n;
INSERT INTO "Odd Name" SELECT generate_series(1, 5);
