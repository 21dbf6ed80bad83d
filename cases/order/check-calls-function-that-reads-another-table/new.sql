CREATE TABLE public.z_allowed (code text PRIMARY KEY);
CREATE FUNCTION public.is_allowed(wanted text) RETURNS boolean LANGUAGE sql STABLE
    AS $$ SELECT EXISTS (SELECT 1 FROM z_allowed WHERE code = wanted) $$;
CREATE TABLE public.a_order (id int PRIMARY KEY, code text CHECK (public.is_allowed(code)));
