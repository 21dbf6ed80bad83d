CREATE TABLE p1 (id int);
CREATE TABLE p2 (id2 int);
CREATE TABLE c (own text, id2 int) INHERITS (p1);
