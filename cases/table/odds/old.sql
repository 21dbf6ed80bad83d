CREATE TABLE a (x int) WITH (autovacuum_vacuum_scale_factor = 0.2); CREATE TABLE b (); CREATE TABLE c (x int, y int);
CREATE VIEW v AS SELECT x FROM c UNION SELECT x FROM a;
CREATE FUNCTION f() RETURNS void LANGUAGE plpgsql AS $$ BEGIN INSERT INTO c VALUES (1, 2); END $$;
