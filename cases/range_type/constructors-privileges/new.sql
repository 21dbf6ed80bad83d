DO $$ BEGIN CREATE ROLE range_maker; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
ALTER DEFAULT PRIVILEGES REVOKE EXECUTE ON FUNCTIONS FROM PUBLIC;
CREATE TYPE public.span AS RANGE (subtype = integer);
CREATE TYPE public.period AS RANGE (subtype = timestamp);
CREATE TYPE public.made AS RANGE (subtype = text);
GRANT EXECUTE ON FUNCTION public.made(text, text) TO range_maker;
GRANT EXECUTE ON FUNCTION public.span(integer, integer) TO range_maker;
CREATE TABLE public.bookings (id integer, at public.span, CONSTRAINT early CHECK (at < public.span(1, 100)));
