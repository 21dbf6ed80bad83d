CREATE TABLE a (id int PRIMARY KEY, x int, y text);
CREATE PUBLICATION p FOR TABLE a (id, x) WHERE (id > 5);
