CREATE TABLE public.a (id int PRIMARY KEY, owner text);
CREATE TABLE public.b (id int PRIMARY KEY, a_id int);
ALTER TABLE public.a ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.b ENABLE ROW LEVEL SECURITY;
CREATE POLICY a_by_b ON public.a USING (EXISTS (SELECT 1 FROM public.b WHERE b.a_id = a.id));
CREATE POLICY b_by_a ON public.b USING (EXISTS (SELECT 1 FROM public.a WHERE a.id = b.a_id));
