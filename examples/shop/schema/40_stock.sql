CREATE FUNCTION take_from_stock() RETURNS trigger
LANGUAGE plpgsql AS $$
BEGIN
    UPDATE products SET stock = stock - new.quantity WHERE id = new.product_id;
    RETURN new;
END;
$$;

COMMENT ON FUNCTION take_from_stock() IS 'An order line takes its pieces; the check on products.stock refuses what is not there.';

CREATE TRIGGER take_from_stock
AFTER INSERT ON order_lines
FOR EACH ROW EXECUTE FUNCTION take_from_stock();
