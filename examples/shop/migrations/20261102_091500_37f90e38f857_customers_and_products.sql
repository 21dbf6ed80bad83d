-- aludel: revision = "37f90e38f857"
-- aludel: parents = []
-- aludel: created = "2026-11-02T09:15:00Z"
-- aludel: message = "customers and products"

-- aludel: upgrade
CREATE TABLE public.customers (
    id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
    email text NOT NULL,
    full_name text NOT NULL,
    address jsonb DEFAULT '{}'::jsonb NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT customers_pkey PRIMARY KEY (id),
    CONSTRAINT customers_email_key UNIQUE (email),
    CONSTRAINT customers_email_check CHECK ((email ~~ '%_@_%'::text))
);

CREATE TABLE public.products (
    id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
    sku character varying(32) NOT NULL,
    name text NOT NULL,
    price numeric(12,2) NOT NULL,
    stock integer DEFAULT 0 NOT NULL,
    tags text[] DEFAULT '{}'::text[] NOT NULL,
    CONSTRAINT products_pkey PRIMARY KEY (id),
    CONSTRAINT products_sku_key UNIQUE (sku),
    CONSTRAINT products_price_check CHECK ((price >= (0)::numeric)),
    CONSTRAINT products_stock_check CHECK ((stock >= 0))
);

CREATE INDEX products_tags_idx ON public.products USING gin (tags);

-- aludel: downgrade
-- loses data: drop-table public.customers
DROP TABLE public.customers;

-- loses data: drop-table public.products
DROP TABLE public.products;
