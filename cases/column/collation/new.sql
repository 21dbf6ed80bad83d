CREATE COLLATION "My Coll" (provider = icu, locale = 'fr');
CREATE TABLE t (a text, b text COLLATE "C", c text COLLATE "My Coll"); CREATE INDEX ON t (c); CREATE VIEW v AS SELECT a, c FROM t;
