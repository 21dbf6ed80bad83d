CREATE TABLE public.events (id integer NOT NULL, name text) PARTITION BY LIST (id);
CREATE TABLE public.events_all PARTITION OF public.events DEFAULT PARTITION BY LIST (id);
CREATE TABLE public.events_rest PARTITION OF public.events_all DEFAULT;
ALTER TABLE public.events_rest ADD CONSTRAINT events_rest_key PRIMARY KEY (id, name);
CREATE TABLE public.names (id integer, name text, FOREIGN KEY (id, name) REFERENCES public.events_rest (id, name));
CREATE TABLE public.animals (id integer);
CREATE TABLE public.cats (lives integer) INHERITS (public.animals);
ALTER TABLE public.cats ADD CONSTRAINT cats_key PRIMARY KEY (id);
