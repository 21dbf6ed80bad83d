CREATE TABLE public.item (id int PRIMARY KEY, price int);
CREATE FUNCTION public.one() RETURNS bigint LANGUAGE plpgsql AS $$ BEGIN RETURN (SELECT count(*) FROM b_view); END $$;
CREATE VIEW public.a_view AS SELECT id, public.one() AS n FROM public.item;
CREATE FUNCTION public.two() RETURNS bigint LANGUAGE plpgsql AS $$ BEGIN RETURN (SELECT count(*) FROM a_view); END $$;
CREATE VIEW public.b_view AS SELECT id, public.two() AS n FROM public.item;
