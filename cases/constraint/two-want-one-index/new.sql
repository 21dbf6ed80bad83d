CREATE TABLE public.other (id integer);
CREATE TABLE public.users (
    id integer NOT NULL,
    email text,
    name text
);
ALTER TABLE public.users ADD CONSTRAINT users_pkey PRIMARY KEY (id);
ALTER TABLE public.users ADD CONSTRAINT users_id_unique UNIQUE (id);
ALTER TABLE public.users ADD CONSTRAINT users_email_one UNIQUE (email) INCLUDE (name);
ALTER TABLE public.users ADD CONSTRAINT users_email_two UNIQUE (email) INCLUDE (name);
ALTER TABLE public.users ADD CONSTRAINT users_email_late UNIQUE (email) INCLUDE (name) DEFERRABLE;
COMMENT ON CONSTRAINT users_id_unique ON public.users IS 'a second one';
ALTER TABLE public.users CLUSTER ON users_email_two;
