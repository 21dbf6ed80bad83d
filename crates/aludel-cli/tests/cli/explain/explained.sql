-- why: view public.few is made again: it made way for column public.price.amount (change type)
DROP VIEW public.few;

-- why: view public.totals is made again: it made way for column public.price.amount (change type)
-- here: view public.few stands on column public.totals.total and goes first
DROP VIEW public.totals;

-- why: table public.z_currency is wanted and not there
CREATE TABLE public.z_currency (
    code text NOT NULL,
    CONSTRAINT z_currency_pkey PRIMARY KEY (code)
);

-- why: column public.price.amount differs: change type
-- here: view public.totals stands on column public.price.amount and goes first
ALTER TABLE public.price ALTER COLUMN amount TYPE bigint;

-- why: view public.totals is made again: it made way for column public.price.amount (change type)
-- here: view public.totals needs column public.price.amount
-- here: column public.totals.total is dropped before it is made again
CREATE VIEW public.totals AS
 SELECT count(price.amount) AS total
   FROM public.price;

GRANT SELECT ON TABLE public.totals TO PUBLIC;

-- why: view public.few is made again: it made way for column public.price.amount (change type)
-- here: view public.few needs column public.totals.total
-- here: column public.few.few is dropped before it is made again
CREATE VIEW public.few AS
 SELECT (totals.total < 9) AS few
   FROM public.totals;

-- why: function public.is_currency(text) is wanted and not there
-- here: the body of function public.is_currency(text) uses table public.z_currency
CREATE FUNCTION public.is_currency(wanted text)
 RETURNS boolean
 LANGUAGE sql
 STABLE
AS $function$ SELECT EXISTS (SELECT 1 FROM z_currency WHERE code = wanted) $function$;

-- why: PostgreSQL would refuse a body that names what is made later or stands in no stated search path
SET check_function_bodies = off;

-- why: function public.next_place() is wanted and not there
-- repair: its body uses table public.account, which needs it in turn and is made after it
CREATE FUNCTION public.next_place()
 RETURNS integer
 LANGUAGE sql
AS $function$ SELECT max(place) + 1 FROM account $function$;

RESET check_function_bodies;

-- why: table public.account is wanted and not there
-- here: column public.account.place needs function public.next_place()
-- here: constraint public.account.account_currency_check needs function public.is_currency(text)
CREATE TABLE public.account (
    id integer NOT NULL,
    currency text,
    place integer DEFAULT public.next_place(),
    CONSTRAINT account_pkey PRIMARY KEY (id),
    CONSTRAINT account_currency_check CHECK (public.is_currency(currency))
);

-- why: function public.fits(integer) is wanted and not there
-- here: the body of function public.fits(integer) uses table public.account
CREATE FUNCTION public.fits(wanted integer)
 RETURNS boolean
 LANGUAGE sql
 STABLE
AS $function$ SELECT count(*) < 9 FROM account WHERE place = wanted $function$;

-- why: constraint public.account.limited is wanted and not there
-- here: constraint public.account.limited needs function public.fits(integer)
-- here: constraint public.account.limited needs table public.account
-- repair: it is made by itself, because what it needs also needs its relation
ALTER TABLE public.account ADD CONSTRAINT limited CHECK (public.fits(place));
