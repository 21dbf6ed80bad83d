CREATE COLLATION c (provider = icu, locale = 'de');
CREATE FUNCTION ok(x text) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT $1 > $$a$$';
CREATE DOMAIN d AS text COLLATE c CHECK (ok(VALUE));
CREATE TABLE t (a d, b d[] DEFAULT '{x}');
CREATE INDEX i ON t (a);
