SET check_function_bodies = off;
CREATE FUNCTION public.is_even(n int) RETURNS boolean LANGUAGE sql
    AS $$ SELECT CASE WHEN n = 0 THEN true ELSE public.is_odd(n - 1) END $$;
CREATE FUNCTION public.is_odd(n int) RETURNS boolean LANGUAGE sql
    AS $$ SELECT CASE WHEN n = 0 THEN false ELSE public.is_even(n - 1) END $$;
