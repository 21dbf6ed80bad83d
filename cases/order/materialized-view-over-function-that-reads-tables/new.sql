CREATE TABLE public.sale (day date, amount int);
CREATE VIEW public.z_totals AS SELECT day, sum(amount) AS total FROM public.sale GROUP BY day;
CREATE FUNCTION public.best() RETURNS bigint LANGUAGE sql STABLE AS $$ SELECT max(total) FROM z_totals $$;
CREATE MATERIALIZED VIEW public.a_best AS SELECT public.best() AS best;
CREATE UNIQUE INDEX a_best_best ON public.a_best (best);
