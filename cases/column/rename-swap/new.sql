CREATE TABLE t (id int PRIMARY KEY, last text, first text, twice int GENERATED ALWAYS AS (id * 2) STORED, m int DEFAULT 3 CONSTRAINT t_n_check CHECK (m > 0));
CREATE TABLE child (extra text) INHERITS (t);
CREATE VIEW v AS SELECT last AS given, first AS l FROM t;
CREATE INDEX t_first ON t (last);
