CREATE TABLE public.events (id integer NOT NULL, name text) PARTITION BY LIST (id);
CREATE TABLE public.events_1 PARTITION OF public.events FOR VALUES IN (1);
CREATE INDEX events_name ON public.events (id, upper(name));
ALTER INDEX public.events_name ALTER COLUMN 2 SET STATISTICS 78;
CREATE TABLE public.events_2 PARTITION OF public.events FOR VALUES IN (2);
CREATE INDEX events_again ON public.events (id, length(name));
ALTER TABLE ONLY public.events_again ALTER COLUMN 2 SET STATISTICS 60;
