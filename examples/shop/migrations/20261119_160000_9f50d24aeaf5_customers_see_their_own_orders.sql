-- aludel: revision = "9f50d24aeaf5"
-- aludel: parents = ["b31c811c0ad8"]
-- aludel: created = "2026-11-19T16:00:00Z"
-- aludel: message = "customers see their own orders"

-- aludel: upgrade
ALTER TABLE public.order_lines ENABLE ROW LEVEL SECURITY;
ALTER TABLE public.orders ENABLE ROW LEVEL SECURITY;

CREATE POLICY lines_of_own_orders ON public.order_lines
    USING ((order_id IN ( SELECT orders.id
   FROM public.orders)));

CREATE POLICY own_orders ON public.orders
    USING ((customer_id = (NULLIF(current_setting('app.customer_id'::text, true), ''::text))::bigint));

-- aludel: downgrade
DROP POLICY lines_of_own_orders ON public.order_lines;
DROP POLICY own_orders ON public.orders;
ALTER TABLE public.order_lines DISABLE ROW LEVEL SECURITY;
ALTER TABLE public.orders DISABLE ROW LEVEL SECURITY;
