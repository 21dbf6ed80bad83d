-- aludel: revision = "9f6e21c4d80b"
-- aludel: parents = ["b03d5e9186fc"]
-- aludel: created = "2026-10-19T16:45:00Z"
-- aludel: message = "each tenant sees its own rows"

-- aludel: upgrade
ALTER TABLE public.categories ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.categories FORCE ROW LEVEL SECURITY;

ALTER TABLE public.customers ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.customers FORCE ROW LEVEL SECURITY;

ALTER TABLE public.order_lines ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.order_lines FORCE ROW LEVEL SECURITY;

ALTER TABLE public.orders ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.orders FORCE ROW LEVEL SECURITY;

ALTER TABLE public.product_categories ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.product_categories FORCE ROW LEVEL SECURITY;

ALTER TABLE public.products ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.products FORCE ROW LEVEL SECURITY;

ALTER TABLE public.users ENABLE ROW LEVEL SECURITY;

ALTER TABLE public.users FORCE ROW LEVEL SECURITY;

CREATE POLICY tenant_rows_only ON public.categories
    USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::bigint)
    WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::bigint);

CREATE POLICY tenant_rows_only ON public.customers
    USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::bigint)
    WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::bigint);

CREATE POLICY tenant_rows_only ON public.order_lines
    USING (EXISTS (SELECT 1 FROM public.orders WHERE orders.id = order_id))
    WITH CHECK (EXISTS (SELECT 1 FROM public.orders WHERE orders.id = order_id));

CREATE POLICY tenant_rows_only ON public.orders
    USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::bigint)
    WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::bigint);

CREATE POLICY tenant_rows_only ON public.product_categories
    USING (EXISTS (SELECT 1 FROM public.products WHERE products.id = product_id))
    WITH CHECK (EXISTS (SELECT 1 FROM public.products WHERE products.id = product_id));

CREATE POLICY tenant_rows_only ON public.products
    USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::bigint)
    WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::bigint);

CREATE POLICY tenant_rows_only ON public.users
    USING (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::bigint)
    WITH CHECK (tenant_id = NULLIF(current_setting('app.tenant_id', true), '')::bigint);

-- aludel: downgrade
DROP POLICY tenant_rows_only ON public.users;

DROP POLICY tenant_rows_only ON public.products;

DROP POLICY tenant_rows_only ON public.product_categories;

DROP POLICY tenant_rows_only ON public.orders;

DROP POLICY tenant_rows_only ON public.order_lines;

DROP POLICY tenant_rows_only ON public.customers;

DROP POLICY tenant_rows_only ON public.categories;

ALTER TABLE public.users NO FORCE ROW LEVEL SECURITY;

ALTER TABLE public.users DISABLE ROW LEVEL SECURITY;

ALTER TABLE public.products NO FORCE ROW LEVEL SECURITY;

ALTER TABLE public.products DISABLE ROW LEVEL SECURITY;

ALTER TABLE public.product_categories NO FORCE ROW LEVEL SECURITY;

ALTER TABLE public.product_categories DISABLE ROW LEVEL SECURITY;

ALTER TABLE public.orders NO FORCE ROW LEVEL SECURITY;

ALTER TABLE public.orders DISABLE ROW LEVEL SECURITY;

ALTER TABLE public.order_lines NO FORCE ROW LEVEL SECURITY;

ALTER TABLE public.order_lines DISABLE ROW LEVEL SECURITY;

ALTER TABLE public.customers NO FORCE ROW LEVEL SECURITY;

ALTER TABLE public.customers DISABLE ROW LEVEL SECURITY;

ALTER TABLE public.categories NO FORCE ROW LEVEL SECURITY;

ALTER TABLE public.categories DISABLE ROW LEVEL SECURITY;
