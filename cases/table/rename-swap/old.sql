CREATE TABLE a (id int PRIMARY KEY, x text);
CREATE TABLE b (id int PRIMARY KEY, y int, a int REFERENCES a);
CREATE TABLE c (id int PRIMARY KEY);
CREATE TABLE d (id int PRIMARY KEY, z date);
CREATE VIEW v AS SELECT a.x, b.y FROM a JOIN b ON b.a = a.id;
