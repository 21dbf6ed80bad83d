CREATE TYPE status AS ENUM ('a', 'c');
CREATE TABLE t (id int PRIMARY KEY, s status DEFAULT 'a');
CREATE VIEW v AS SELECT id FROM t WHERE s = 'a';
CREATE TABLE u (s status PRIMARY KEY);
