CREATE TABLE public.items (price integer, twice integer GENERATED ALWAYS AS (price * 3) VIRTUAL, CONSTRAINT dear CHECK (price > 0));
CREATE TABLE public.published (price integer, twice integer GENERATED ALWAYS AS (price * 3) VIRTUAL);
CREATE TABLE public.free (price integer, twice integer GENERATED ALWAYS AS (price * 3) VIRTUAL);
CREATE PUBLICATION all_published FOR TABLE public.published;
CREATE VIEW public.seen AS SELECT twice FROM public.items;
CREATE TABLE public.parents (price integer, twice integer GENERATED ALWAYS AS (price * 3) VIRTUAL);
CREATE TABLE public.children (CONSTRAINT dear CHECK (price > 0)) INHERITS (public.parents);
