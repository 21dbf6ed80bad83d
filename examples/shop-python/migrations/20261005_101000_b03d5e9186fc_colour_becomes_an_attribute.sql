-- aludel: revision = "b03d5e9186fc"
-- aludel: parents = ["25b9f7e0a461"]
-- aludel: created = "2026-10-05T10:10:00Z"
-- aludel: message = "colour becomes an attribute"
-- aludel: allow = [{ hazard = "drop-column", object = "public.products.colour", reason = "copied into attributes by the statement above it" }]

-- aludel: upgrade
UPDATE public.products
SET attributes = attributes || jsonb_build_object('colour', colour)
WHERE colour IS NOT NULL;

ALTER TABLE public.products DROP COLUMN colour;

-- aludel: downgrade
ALTER TABLE public.products ADD COLUMN colour character varying(30);

-- Colours that were written as attributes since then may be longer than the column was.
UPDATE public.products
SET colour = left(attributes ->> 'colour', 30), attributes = attributes - 'colour'
WHERE attributes ? 'colour';
