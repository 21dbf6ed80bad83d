CREATE TABLE public.team (id int PRIMARY KEY, captain int);
CREATE TABLE public.player (id int PRIMARY KEY, team int REFERENCES public.team);
ALTER TABLE public.team ADD FOREIGN KEY (captain) REFERENCES public.player;
