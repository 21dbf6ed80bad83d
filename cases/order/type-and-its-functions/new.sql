CREATE TYPE public.money2 AS (amount numeric, unit text);
CREATE FUNCTION public.is_unit(m public.money2) RETURNS boolean LANGUAGE sql IMMUTABLE AS $$ SELECT m.unit IN ('EUR', 'USD') $$;
CREATE DOMAIN public.money3 AS public.money2 CHECK (public.is_unit(VALUE));
CREATE FUNCTION public.plus(a public.money3, b public.money3) RETURNS public.money2 LANGUAGE sql IMMUTABLE
    AS $$ SELECT ((a).amount + (b).amount, (a).unit)::public.money2 $$;
CREATE TABLE public.bill (id int PRIMARY KEY, total public.money3);
