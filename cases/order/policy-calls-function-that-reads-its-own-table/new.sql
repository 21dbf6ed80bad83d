CREATE TABLE public.member (team int, person text);
CREATE FUNCTION public.is_member(wanted int) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER
    AS $$ SELECT EXISTS (SELECT 1 FROM member WHERE team = wanted AND person = current_user) $$;
ALTER TABLE public.member ENABLE ROW LEVEL SECURITY;
CREATE POLICY own_teams ON public.member USING (public.is_member(team));
