CREATE TABLE public.a_stock (id int PRIMARY KEY, amount int);
CREATE TABLE public.z_log (id int, at timestamptz);
CREATE FUNCTION public.log_it() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN INSERT INTO z_log VALUES (NEW.id, now()); RETURN NEW; END $$;
CREATE TRIGGER log_it AFTER INSERT ON public.a_stock FOR EACH ROW EXECUTE FUNCTION public.log_it();
