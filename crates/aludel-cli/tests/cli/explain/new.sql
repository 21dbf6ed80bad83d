CREATE TABLE public.price (id int PRIMARY KEY, amount bigint);
CREATE VIEW public.totals AS SELECT count(amount) AS total FROM public.price;
CREATE VIEW public.few AS SELECT total < 9 AS few FROM public.totals;
GRANT SELECT ON public.totals TO PUBLIC;
CREATE TABLE public.z_currency (code text PRIMARY KEY);
CREATE FUNCTION public.is_currency(wanted text) RETURNS boolean LANGUAGE sql STABLE
    AS $$ SELECT EXISTS (SELECT 1 FROM z_currency WHERE code = wanted) $$;
CREATE TABLE public.account (id int PRIMARY KEY, currency text CHECK (public.is_currency(currency)), place int);
CREATE FUNCTION public.fits(wanted int) RETURNS boolean LANGUAGE sql STABLE AS $$ SELECT count(*) < 9 FROM account WHERE place = wanted $$;
ALTER TABLE public.account ADD CONSTRAINT limited CHECK (public.fits(place));
CREATE FUNCTION public.next_place() RETURNS int LANGUAGE sql AS $$ SELECT max(place) + 1 FROM account $$;
ALTER TABLE public.account ALTER place SET DEFAULT public.next_place();
