CREATE TABLE public.entry (id int PRIMARY KEY, place int, note text);
CREATE FUNCTION public.next_place() RETURNS int LANGUAGE sql
    AS $$ SELECT coalesce(max(place), 0) + 1 FROM public.entry $$;
ALTER TABLE public.entry ALTER place SET DEFAULT public.next_place();
