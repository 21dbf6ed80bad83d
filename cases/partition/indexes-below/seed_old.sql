INSERT INTO p SELECT n, n % 2 + 1 FROM generate_series(1, 200) AS n;
