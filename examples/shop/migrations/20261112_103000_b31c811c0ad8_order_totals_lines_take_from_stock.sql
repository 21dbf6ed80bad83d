-- aludel: revision = "b31c811c0ad8"
-- aludel: parents = ["334472fe0dc7"]
-- aludel: created = "2026-11-12T10:30:00Z"
-- aludel: message = "order totals, lines take from stock"

-- aludel: upgrade
COMMENT ON TABLE public.customers IS 'People who have ordered, or may yet.';
COMMENT ON COLUMN public.customers.address IS 'Street, city, postal code, country; as the customer wrote it.';

CREATE VIEW public.order_totals AS
 SELECT o.id AS order_id,
    o.customer_id,
    o.status,
    sum(((l.quantity)::numeric * l.price)) AS total
   FROM (public.orders o
     JOIN public.order_lines l ON ((l.order_id = o.id)))
  GROUP BY o.id;

CREATE FUNCTION public.take_from_stock()
 RETURNS trigger
 LANGUAGE plpgsql
AS $function$
BEGIN
    UPDATE products SET stock = stock - new.quantity WHERE id = new.product_id;
    RETURN new;
END;
$function$;

COMMENT ON FUNCTION public.take_from_stock() IS 'An order line takes its pieces; the check on products.stock refuses what is not there.';
CREATE TRIGGER take_from_stock AFTER INSERT ON public.order_lines FOR EACH ROW EXECUTE FUNCTION public.take_from_stock();

-- aludel: downgrade
DROP TRIGGER take_from_stock ON public.order_lines;
DROP FUNCTION public.take_from_stock();
DROP VIEW public.order_totals;
COMMENT ON TABLE public.customers IS NULL;
COMMENT ON COLUMN public.customers.address IS NULL;
