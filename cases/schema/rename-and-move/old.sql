CREATE SCHEMA shop; CREATE SCHEMA gone;
CREATE TABLE shop.orders (id serial PRIMARY KEY, at date DEFAULT now());
CREATE TABLE public.items (id serial PRIMARY KEY, "order" int REFERENCES shop.orders);
CREATE TABLE gone.kept (id int);
CREATE TYPE public.mood AS ENUM ('ok');
CREATE FUNCTION public.hello(m public.mood) RETURNS text LANGUAGE sql AS 'SELECT m::text';
CREATE VIEW public.v AS SELECT o.id FROM shop.orders o JOIN public.items i ON i."order" = o.id;
CREATE SEQUENCE public.numbers;
