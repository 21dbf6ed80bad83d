CREATE TABLE public.one (a integer, b integer);
CREATE TABLE public.two (a integer, b integer);
CREATE VIEW public.one_seen AS SELECT a, b FROM public.one;
CREATE VIEW public.two_seen AS SELECT a, b FROM public.two;
CREATE FUNCTION public.three_rows() RETURNS bigint LANGUAGE sql STABLE BEGIN ATOMIC SELECT count(*) FROM public.two_seen; END;
CREATE POLICY looks_into_two ON public.one USING (a = (SELECT t.a FROM public.two_seen t WHERE t.b = one.b));
CREATE POLICY looks_into_one ON public.two USING (a = (SELECT o.a FROM public.one_seen o WHERE o.b = two.b));
CREATE POLICY counts ON public.two USING (public.three_rows() > 0);
