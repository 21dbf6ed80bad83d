INSERT INTO public.events VALUES (1, 'a'); INSERT INTO public.names VALUES (1, 'a'); INSERT INTO public.cats VALUES (1, 9);
