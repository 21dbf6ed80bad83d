CREATE TABLE t (a int, b int, c text);
CREATE STATISTICS st1 ON a, b FROM t;
CREATE STATISTICS st2 ON b, c FROM t;
CREATE TABLE gone (a int, b int);
CREATE STATISTICS st3 ON a, b FROM gone;
