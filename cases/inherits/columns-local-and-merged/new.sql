CREATE TABLE a (id int PRIMARY KEY, w text DEFAULT 'w', CONSTRAINT a_ck CHECK (id > 0));
CREATE TABLE b (y int CHECK (y > 0), x text) INHERITS (a);
CREATE TABLE c (x text, z int) INHERITS (a);
CREATE TABLE d (q int) INHERITS (b);
CREATE TABLE lone (id int NOT NULL, x text) INHERITS (a);
