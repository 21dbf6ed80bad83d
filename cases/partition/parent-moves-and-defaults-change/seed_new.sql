INSERT INTO public.events VALUES (1, '1 day'), (5, '1 day');
