CREATE TABLE public.animals (name text);
CREATE TABLE public.cats (lives integer DEFAULT 9) INHERITS (public.animals);
CREATE TABLE public.events (day date NOT NULL) PARTITION BY RANGE (day);
CREATE TABLE public.events_2024 PARTITION OF public.events FOR VALUES FROM ('2024-01-01') TO ('2025-01-01');
