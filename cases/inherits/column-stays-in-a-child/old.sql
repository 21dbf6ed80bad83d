CREATE TABLE a (id int PRIMARY KEY, x text);
CREATE TABLE b (y int CHECK (y > 0)) INHERITS (a);
CREATE TABLE c (z int) INHERITS (a);
CREATE TABLE d (q int) INHERITS (c);
