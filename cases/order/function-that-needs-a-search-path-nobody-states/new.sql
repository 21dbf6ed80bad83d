CREATE SCHEMA app;
CREATE TABLE app.thing (id int);
SET search_path = app;
CREATE FUNCTION app.things() RETURNS bigint LANGUAGE sql AS $$ SELECT count(*) FROM thing $$;
