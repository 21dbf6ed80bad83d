CREATE TABLE public.z_country (code text PRIMARY KEY);
CREATE FUNCTION public.is_country(wanted text) RETURNS boolean LANGUAGE sql STABLE
    AS $$ SELECT EXISTS (SELECT 1 FROM z_country WHERE code = wanted) $$;
CREATE DOMAIN public.country AS text CHECK (public.is_country(VALUE));
CREATE TABLE public.address (id int PRIMARY KEY, country public.country);
