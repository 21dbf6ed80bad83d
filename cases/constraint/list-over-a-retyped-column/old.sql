CREATE TABLE public.items (price numeric, kind character varying(20), CONSTRAINT not_these CHECK (price <> ALL (ARRAY[0, -1])));
CREATE INDEX some_items ON public.items (price) WHERE price <> ALL (ARRAY[0, -1]);
CREATE INDEX some_kinds ON public.items (price) WHERE kind IN ('a', 'b');
CREATE TABLE public.special (CONSTRAINT none_of_these CHECK (price <> ALL (ARRAY[7, 8]))) INHERITS (public.items);
