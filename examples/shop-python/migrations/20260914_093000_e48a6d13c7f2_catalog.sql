-- aludel: revision = "e48a6d13c7f2"
-- aludel: parents = ["7c1f0b52d9ae"]
-- aludel: created = "2026-09-14T09:30:00Z"
-- aludel: message = "catalog"

-- aludel: upgrade
CREATE TABLE public.categories (
    id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
    tenant_id bigint NOT NULL,
    name character varying NOT NULL,
    CONSTRAINT categories_pkey PRIMARY KEY (id),
    CONSTRAINT categories_tenant_id_name_key UNIQUE (tenant_id, name),
    CONSTRAINT categories_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenants (id) ON DELETE CASCADE
);

CREATE TABLE public.products (
    id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
    tenant_id bigint NOT NULL,
    sku character varying(40) NOT NULL,
    name character varying NOT NULL,
    price numeric(12,2) NOT NULL,
    colour character varying(30),
    attributes jsonb DEFAULT '{}'::jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT products_pkey PRIMARY KEY (id),
    CONSTRAINT products_price_check CHECK (price >= 0),
    CONSTRAINT products_tenant_id_sku_key UNIQUE (tenant_id, sku),
    CONSTRAINT products_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenants (id) ON DELETE CASCADE
);

CREATE TABLE public.product_categories (
    product_id bigint NOT NULL,
    category_id bigint NOT NULL,
    CONSTRAINT product_categories_pkey PRIMARY KEY (product_id, category_id),
    CONSTRAINT product_categories_category_id_fkey FOREIGN KEY (category_id) REFERENCES public.categories (id) ON DELETE CASCADE,
    CONSTRAINT product_categories_product_id_fkey FOREIGN KEY (product_id) REFERENCES public.products (id) ON DELETE CASCADE
);

CREATE INDEX categories_tenant_id_idx ON public.categories (tenant_id);

CREATE INDEX product_categories_category_id_idx ON public.product_categories (category_id);

CREATE INDEX products_attributes_idx ON public.products USING gin (attributes);

CREATE INDEX products_tenant_id_idx ON public.products (tenant_id);

-- aludel: downgrade
DROP TABLE public.product_categories;

DROP TABLE public.products;

DROP TABLE public.categories;
