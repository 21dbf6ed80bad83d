-- aludel: revision = "25b9f7e0a461"
-- aludel: parents = ["e48a6d13c7f2"]
-- aludel: created = "2026-09-21T14:05:00Z"
-- aludel: message = "customers and orders"

-- aludel: upgrade
CREATE TYPE public.order_status AS ENUM ('draft', 'placed', 'paid', 'shipped', 'cancelled');

CREATE TABLE public.customers (
    id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
    tenant_id bigint NOT NULL,
    email character varying(320) NOT NULL,
    full_name character varying NOT NULL,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT customers_pkey PRIMARY KEY (id),
    CONSTRAINT customers_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenants (id) ON DELETE CASCADE
);

CREATE TABLE public.orders (
    id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
    tenant_id bigint NOT NULL,
    customer_id bigint NOT NULL,
    status public.order_status DEFAULT 'draft'::public.order_status NOT NULL,
    placed_at timestamp with time zone,
    note character varying,
    created_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT orders_pkey PRIMARY KEY (id),
    CONSTRAINT orders_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES public.customers (id),
    CONSTRAINT orders_tenant_id_fkey FOREIGN KEY (tenant_id) REFERENCES public.tenants (id) ON DELETE CASCADE
);

CREATE TABLE public.order_lines (
    order_id bigint NOT NULL,
    "position" integer NOT NULL,
    product_id bigint NOT NULL,
    quantity integer NOT NULL,
    unit_price numeric(12,2) NOT NULL,
    CONSTRAINT order_lines_pkey PRIMARY KEY (order_id, "position"),
    CONSTRAINT order_lines_quantity_check CHECK (quantity > 0),
    CONSTRAINT order_lines_unit_price_check CHECK (unit_price >= 0),
    CONSTRAINT order_lines_order_id_fkey FOREIGN KEY (order_id) REFERENCES public.orders (id) ON DELETE CASCADE,
    CONSTRAINT order_lines_product_id_fkey FOREIGN KEY (product_id) REFERENCES public.products (id)
);

CREATE UNIQUE INDEX customers_tenant_id_email_key ON public.customers (tenant_id, lower(email));

CREATE INDEX customers_tenant_id_idx ON public.customers (tenant_id);

CREATE INDEX order_lines_product_id_idx ON public.order_lines (product_id);

CREATE INDEX orders_customer_id_idx ON public.orders (customer_id);

CREATE INDEX orders_open_idx ON public.orders (tenant_id, placed_at) WHERE status IN ('placed', 'paid');

CREATE INDEX orders_tenant_id_idx ON public.orders (tenant_id);

-- aludel: downgrade
DROP TABLE public.order_lines;

DROP TABLE public.orders;

DROP TABLE public.customers;

DROP TYPE public.order_status;
