INSERT INTO public.animals (name) VALUES ('cow'), ('dog');
INSERT INTO public.cats (name) VALUES ('tom');
INSERT INTO public.events (day) VALUES ('2024-03-01'), ('2024-04-01');
