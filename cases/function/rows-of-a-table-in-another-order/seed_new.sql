INSERT INTO public.users (id, name) VALUES (1, 'a'); INSERT INTO public.staff (id, name, boss) VALUES (1, 'b', 2);
