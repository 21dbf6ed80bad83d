CREATE TABLE public.job (id int PRIMARY KEY, kind text, rank int);
CREATE FUNCTION public.last_job() RETURNS public.job LANGUAGE sql AS $$ SELECT * FROM public.job ORDER BY id DESC LIMIT 1 $$;
CREATE FUNCTION public.next_rank() RETURNS int LANGUAGE sql AS $$ SELECT (public.last_job()).rank + 1 $$;
ALTER TABLE public.job ALTER rank SET DEFAULT public.next_rank();
