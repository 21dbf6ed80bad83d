CREATE TABLE customers (
    id         bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    email      text NOT NULL UNIQUE CHECK (email LIKE '%_@_%'),
    full_name  text NOT NULL,
    address    jsonb NOT NULL DEFAULT '{}',
    created_at timestamptz NOT NULL DEFAULT now()
);

COMMENT ON TABLE customers IS 'People who have ordered, or may yet.';
COMMENT ON COLUMN customers.address IS 'Street, city, postal code, country; as the customer wrote it.';
