CREATE TYPE order_status AS ENUM ('new', 'paid', 'sent', 'cancelled');

CREATE TABLE orders (
    id          bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    customer_id bigint NOT NULL REFERENCES customers (id),
    status      order_status NOT NULL DEFAULT 'new',
    placed_at   timestamptz NOT NULL DEFAULT now()
);

CREATE INDEX orders_customer_id_idx ON orders (customer_id);
CREATE INDEX orders_open_idx ON orders (placed_at) WHERE status IN ('new', 'paid');

CREATE TABLE order_lines (
    order_id   bigint REFERENCES orders (id) ON DELETE CASCADE,
    position   smallint CHECK (position > 0),
    product_id bigint NOT NULL REFERENCES products (id),
    quantity   integer NOT NULL CHECK (quantity > 0),
    price      numeric(12, 2) NOT NULL,
    PRIMARY KEY (order_id, position)
);

COMMENT ON COLUMN order_lines.price IS 'What one piece cost when it was ordered.';

CREATE VIEW order_totals AS
SELECT o.id AS order_id, o.customer_id, o.status, sum(l.quantity * l.price) AS total
FROM orders AS o
JOIN order_lines AS l ON l.order_id = o.id
GROUP BY o.id;
