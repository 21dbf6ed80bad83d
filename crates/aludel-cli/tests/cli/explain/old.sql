CREATE TABLE public.price (id int PRIMARY KEY, amount int);
CREATE VIEW public.totals AS SELECT count(amount) AS total FROM public.price;
CREATE VIEW public.few AS SELECT total < 9 AS few FROM public.totals;
GRANT SELECT ON public.totals TO PUBLIC;
