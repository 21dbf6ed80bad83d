CREATE TABLE t (a int, p point);
