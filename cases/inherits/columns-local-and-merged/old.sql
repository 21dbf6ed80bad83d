CREATE TABLE a (id int PRIMARY KEY, x text);
CREATE TABLE b (y int CHECK (y > 0)) INHERITS (a);
CREATE TABLE c (x text, z int) INHERITS (a);
CREATE TABLE d (q int) INHERITS (b);
CREATE TABLE lone (id int NOT NULL, x text);
