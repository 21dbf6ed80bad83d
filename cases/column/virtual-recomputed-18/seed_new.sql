INSERT INTO public.items VALUES (1); INSERT INTO public.children VALUES (1);
