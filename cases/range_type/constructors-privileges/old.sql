DO $$ BEGIN CREATE ROLE range_maker; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
CREATE TYPE public.span AS RANGE (subtype = integer);
CREATE TYPE public.period AS RANGE (subtype = date);
CREATE TYPE public.gone AS RANGE (subtype = date);
REVOKE EXECUTE ON FUNCTION public.gone(date, date) FROM PUBLIC;
CREATE TABLE public.bookings (id integer, at public.span, CONSTRAINT early CHECK (at < public.span(1, 100)));
