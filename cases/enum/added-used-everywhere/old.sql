CREATE TYPE size AS ENUM ('s', 'l');
CREATE TABLE t (id int, a size[] DEFAULT '{s}', d size);
CREATE TABLE p (s size) PARTITION BY LIST (s);
CREATE TABLE p_s PARTITION OF p FOR VALUES IN ('s');
CREATE TABLE q (s size);
