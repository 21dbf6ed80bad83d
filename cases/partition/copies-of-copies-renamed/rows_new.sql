SELECT id, label FROM public.events;
