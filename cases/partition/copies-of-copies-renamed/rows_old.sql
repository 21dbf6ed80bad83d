SELECT id, name FROM public.events;
