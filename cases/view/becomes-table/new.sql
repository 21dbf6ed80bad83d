CREATE TABLE t (id int PRIMARY KEY, a text);
CREATE TABLE x (id int PRIMARY KEY, a text);
CREATE VIEW over_x AS SELECT id FROM x;
CREATE INDEX x_a ON x (a);
