CREATE TABLE p1 (id int, more text);
CREATE TABLE p2 (id2 int);
CREATE TABLE c (own text, id2 int) INHERITS (p1, p2);
