CREATE TABLE t (id int PRIMARY KEY, a bit(4), b uuid[], c timestamp, d timestamp[], e bigint, f inet);
