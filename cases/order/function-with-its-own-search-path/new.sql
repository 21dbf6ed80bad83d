CREATE SCHEMA app;
CREATE TABLE app.thing (id int);
CREATE FUNCTION public.things() RETURNS bigint LANGUAGE sql SET search_path TO 'app' AS $$ SELECT count(*) FROM thing $$;
CREATE TABLE public.a (n bigint DEFAULT public.things());
