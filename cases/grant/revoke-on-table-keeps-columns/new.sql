DO $$ BEGIN CREATE ROLE column_reader; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
DO $$ BEGIN CREATE ROLE column_writer; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
CREATE TABLE public.users (id integer, email text, secret text, note text);
GRANT SELECT (id, email, note) ON public.users TO column_reader;
GRANT UPDATE (email) ON public.users TO column_reader;
GRANT UPDATE ON public.users TO column_writer;
GRANT UPDATE (secret) ON public.users TO column_writer WITH GRANT OPTION;
CREATE VIEW public.seen AS SELECT id, email FROM public.users;
GRANT SELECT (id) ON public.seen TO column_reader;
