CREATE TABLE public.queue (id int);
CREATE PROCEDURE public.z_step() LANGUAGE sql AS $$ DELETE FROM queue $$;
CREATE PROCEDURE public.a_run() LANGUAGE sql AS $$ CALL z_step() $$;
