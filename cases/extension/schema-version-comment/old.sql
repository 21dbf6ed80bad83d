CREATE SCHEMA x; CREATE EXTENSION pg_trgm WITH SCHEMA x VERSION '1.4'; CREATE EXTENSION hstore;
COMMENT ON EXTENSION hstore IS 'mine';
CREATE TABLE t (id int PRIMARY KEY, a text, h hstore); CREATE INDEX t_a ON t USING gin (a x.gin_trgm_ops);
CREATE VIEW v AS SELECT h -> 'a' AS a FROM t;
