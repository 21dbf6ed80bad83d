CREATE TABLE t (id int PRIMARY KEY, a int[], b int, c int[], d timestamptz, e varchar(5), f text, g jsonb, h int DEFAULT 5, i text DEFAULT '3', j uuid);
CREATE INDEX ON t (d); CREATE INDEX ON t USING gin (c);
