CREATE FUNCTION public.is_fine(value integer) RETURNS boolean LANGUAGE sql IMMUTABLE AS 'SELECT $1 > 0';
CREATE DOMAIN public.score AS integer CONSTRAINT score_low CHECK (VALUE < 1000);
CREATE DOMAIN public.size AS integer DEFAULT 1 CONSTRAINT size_fine CHECK (public.is_fine(VALUE)) CONSTRAINT size_high CHECK (VALUE < 100);
CREATE DOMAIN public.small AS public.score;
CREATE TYPE public.result AS (label text, score public.small);
CREATE TABLE public.games (id integer, sizes public.size[], score public.score, last public.result, low public.score);
CREATE VIEW public.best AS SELECT id, (last).label FROM public.games;
