CREATE TYPE public.level AS ENUM ('low', 'high');
CREATE FUNCTION public.weigh(l public.level) RETURNS int LANGUAGE sql IMMUTABLE AS $$ SELECT CASE l WHEN 'low' THEN 1 ELSE 2 END $$;
CREATE TABLE public.task (id int PRIMARY KEY, level public.level, weight int GENERATED ALWAYS AS (public.weigh(level)) STORED);
