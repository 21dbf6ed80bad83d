CREATE COLLATION "My Coll" (provider = icu, locale = 'de');
CREATE TABLE t (a text COLLATE "C", b text, c text COLLATE "My Coll"); CREATE INDEX ON t (c); CREATE VIEW v AS SELECT a, c FROM t;
