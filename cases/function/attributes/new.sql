CREATE FUNCTION a(x int) RETURNS int LANGUAGE sql IMMUTABLE LEAKPROOF PARALLEL SAFE STRICT COST 7 SET work_mem FROM CURRENT AS 'SELECT x';
CREATE FUNCTION b(OUT x int, OUT y varchar, OUT z int) LANGUAGE sql AS $$ SELECT 1, 'a'::varchar, 3 $$;
CREATE FUNCTION c(x anyelement) RETURNS anyelement LANGUAGE sql AS 'SELECT x';
CREATE FUNCTION d(x int, y int DEFAULT 2) RETURNS int LANGUAGE sql AS 'SELECT x';
CREATE FUNCTION e() RETURNS TABLE (x int, y int) LANGUAGE sql ROWS 3 AS 'SELECT 1, 2';
CREATE AGGREGATE f(int) (sfunc = int4pl, stype = int, initcond = '5', parallel = safe, combinefunc = int4pl); CREATE VIEW v AS SELECT f(x.x) FROM e() x;
CREATE PROCEDURE g(x int, OUT y bigint) LANGUAGE plpgsql AS $$ BEGIN y := x; END $$;
CREATE FUNCTION h() RETURNS trigger LANGUAGE plpgsql AS $fn$ BEGIN EXECUTE $$SELECT '$body$'$$; RETURN NEW; END $fn$;
