CREATE TABLE public.events (id integer NOT NULL, name text) PARTITION BY LIST (id);
CREATE TABLE public.events_1 PARTITION OF public.events FOR VALUES IN (1) PARTITION BY LIST (id);
CREATE TABLE public.events_1_all PARTITION OF public.events_1 DEFAULT;
CREATE INDEX by_name ON public.events (name);
