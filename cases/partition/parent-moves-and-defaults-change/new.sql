CREATE SCHEMA app;
CREATE SCHEMA parts;
CREATE TABLE public.events (id integer NOT NULL, waits interval DEFAULT '2 days', PRIMARY KEY (id, waits)) PARTITION BY LIST (id);
CREATE TABLE parts.events_1 PARTITION OF public.events FOR VALUES IN (1, 2);
CREATE TABLE parts.events_rest PARTITION OF public.events DEFAULT;
