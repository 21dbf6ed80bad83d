CREATE SCHEMA b;
CREATE TABLE b.t (id bigint PRIMARY KEY, n int);
CREATE TABLE t (id int PRIMARY KEY, n bigint REFERENCES b.t);
CREATE VIEW b.v AS SELECT id FROM b.t;
CREATE FUNCTION b.f() RETURNS int LANGUAGE sql AS 'SELECT 2';
CREATE TYPE b.e AS ENUM ('z', 'y');
CREATE TABLE b.u (e text, f b.e DEFAULT 'y', g int DEFAULT b.f());
