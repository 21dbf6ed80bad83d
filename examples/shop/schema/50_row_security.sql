-- The web application says whom it serves: SET app.customer_id = '…'.
ALTER TABLE orders ENABLE ROW LEVEL SECURITY;

CREATE POLICY own_orders ON orders
    USING (customer_id = nullif(current_setting('app.customer_id', true), '')::bigint);

ALTER TABLE order_lines ENABLE ROW LEVEL SECURITY;

CREATE POLICY lines_of_own_orders ON order_lines
    USING (order_id IN (SELECT id FROM orders));
