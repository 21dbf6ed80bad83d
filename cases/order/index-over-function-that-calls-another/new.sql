CREATE TABLE public.person (id int PRIMARY KEY, name text);
CREATE FUNCTION public.z_fold(value text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT lower(value) $$;
CREATE FUNCTION public.a_key(value text) RETURNS text LANGUAGE sql IMMUTABLE AS $$ SELECT z_fold(trim(value)) $$;
CREATE INDEX person_key ON public.person (public.a_key(name));
