CREATE TABLE b (id int PRIMARY KEY, x text);
CREATE TABLE a (id int PRIMARY KEY, y int, a int REFERENCES b);
CREATE TABLE d (id int PRIMARY KEY);
CREATE TABLE e (id int PRIMARY KEY, z date);
CREATE VIEW v AS SELECT b.x, a.y FROM b JOIN a ON a.a = b.id;
