INSERT INTO public.items VALUES (5, 'a');
