CREATE TYPE place AS (street text, city text);
CREATE TABLE t (id int, home place, others place[]);
CREATE TABLE typed OF place;
CREATE VIEW v AS SELECT (home).city AS town FROM t;
