CREATE TABLE t (a int, b real, c varchar(9));
