CREATE COLLATION c (provider = icu, locale = 'fr');
CREATE FUNCTION ok(y text) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT $1 > $$a$$';
CREATE DOMAIN d AS varchar(7) COLLATE c CHECK (ok(VALUE));
CREATE TABLE t (a d, b d[] DEFAULT '{x}');
CREATE INDEX i ON t (a);
