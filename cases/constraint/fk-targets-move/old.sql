CREATE TABLE a (id int PRIMARY KEY, x int, y int); CREATE UNIQUE INDEX a_x ON a (x); CREATE TABLE b (x int REFERENCES a (x), y int);
CREATE TABLE self (id int PRIMARY KEY, p int REFERENCES self); CREATE TABLE pair (a int, b int, PRIMARY KEY (a, b)); CREATE TABLE child (a int, b int, FOREIGN KEY (a, b) REFERENCES pair);
