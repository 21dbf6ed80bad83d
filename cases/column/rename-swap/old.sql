CREATE TABLE t (id int PRIMARY KEY, first text, last text, total int GENERATED ALWAYS AS (id * 2) STORED, n int DEFAULT 3 CHECK (n > 0));
CREATE TABLE child (extra text) INHERITS (t);
CREATE VIEW v AS SELECT first AS f, last AS l FROM t;
CREATE INDEX t_first ON t (first);
