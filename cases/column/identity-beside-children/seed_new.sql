INSERT INTO public.animals (name) VALUES ('cow'), ('dog');
INSERT INTO public.cats (name, id) VALUES ('tom', 7);
