CREATE TABLE public.settings (name text PRIMARY KEY, value text);
CREATE FUNCTION public.default_currency() RETURNS text LANGUAGE plpgsql STABLE AS $$
DECLARE found public.settings%ROWTYPE;
BEGIN
    SELECT * INTO found FROM settings WHERE name = 'currency';
    RETURN coalesce(found.value, 'EUR');
END $$;
CREATE TABLE public.account (id int PRIMARY KEY, currency text DEFAULT public.default_currency());
