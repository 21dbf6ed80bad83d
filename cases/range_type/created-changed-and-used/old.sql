CREATE TYPE span AS RANGE (subtype = float8);
CREATE TABLE t (id int PRIMARY KEY, s span, n span[], DEFAULT_ text DEFAULT 'x');
CREATE INDEX t_s ON t USING gist (s);
CREATE VIEW v AS SELECT lower(s) AS l FROM t;
CREATE FUNCTION f(span) RETURNS float8 LANGUAGE sql AS 'SELECT upper($1)';
