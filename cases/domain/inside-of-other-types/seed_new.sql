INSERT INTO public.games VALUES (1, '{1,2}', 3, ('first', 4), 5), (2, NULL, NULL, NULL, NULL);
