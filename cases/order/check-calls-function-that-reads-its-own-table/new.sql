CREATE TABLE public.node (id int PRIMARY KEY, parent int);
CREATE FUNCTION public.depth(node_id int) RETURNS int LANGUAGE sql STABLE
    AS $$ SELECT count(*)::int FROM public.node WHERE parent = node_id $$;
ALTER TABLE public.node ADD CONSTRAINT shallow CHECK (public.depth(id) < 5);
