CREATE TABLE t (a bigint, b int);
CREATE STATISTICS st1 ON a, b FROM t;
