-- aludel: revision = "334472fe0dc7"
-- aludel: parents = ["37f90e38f857"]
-- aludel: created = "2026-11-05T14:00:00Z"
-- aludel: message = "orders"

-- aludel: upgrade
CREATE TYPE public.order_status AS ENUM ('new', 'paid', 'sent', 'cancelled');

CREATE TABLE public.order_lines (
    order_id bigint NOT NULL,
    "position" smallint NOT NULL,
    product_id bigint NOT NULL,
    quantity integer NOT NULL,
    price numeric(12,2) NOT NULL,
    CONSTRAINT order_lines_pkey PRIMARY KEY (order_id, "position"),
    CONSTRAINT order_lines_position_check CHECK (("position" > 0)),
    CONSTRAINT order_lines_quantity_check CHECK ((quantity > 0))
);

COMMENT ON COLUMN public.order_lines.price IS 'What one piece cost when it was ordered.';

CREATE TABLE public.orders (
    id bigint GENERATED ALWAYS AS IDENTITY NOT NULL,
    customer_id bigint NOT NULL,
    status public.order_status DEFAULT 'new'::public.order_status NOT NULL,
    placed_at timestamp with time zone DEFAULT now() NOT NULL,
    CONSTRAINT orders_pkey PRIMARY KEY (id)
);

CREATE INDEX orders_customer_id_idx ON public.orders USING btree (customer_id);
CREATE INDEX orders_open_idx ON public.orders USING btree (placed_at) WHERE (status = ANY (ARRAY['new'::public.order_status, 'paid'::public.order_status]));
ALTER TABLE public.order_lines ADD CONSTRAINT order_lines_order_id_fkey FOREIGN KEY (order_id) REFERENCES public.orders(id) ON DELETE CASCADE;
ALTER TABLE public.order_lines ADD CONSTRAINT order_lines_product_id_fkey FOREIGN KEY (product_id) REFERENCES public.products(id);
ALTER TABLE public.orders ADD CONSTRAINT orders_customer_id_fkey FOREIGN KEY (customer_id) REFERENCES public.customers(id);

-- aludel: downgrade
-- loses data: drop-table public.order_lines
DROP TABLE public.order_lines;

-- loses data: drop-table public.orders
DROP TABLE public.orders;

-- loses data: drop-type public.order_status
DROP TYPE public.order_status;
