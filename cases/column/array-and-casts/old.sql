CREATE TABLE t (id int PRIMARY KEY, a int, b text, c text[], d timestamp, e varchar(10), f boolean, g json, h text DEFAULT '5', i int DEFAULT 3, j text);
CREATE INDEX ON t (d); CREATE INDEX ON t USING gin (c);
