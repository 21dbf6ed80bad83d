CREATE TYPE spans AS RANGE (subtype = int);
CREATE TABLE t (a spans);
