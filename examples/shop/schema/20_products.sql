CREATE TABLE products (
    id    bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
    sku   varchar(32) NOT NULL UNIQUE,
    name  text NOT NULL,
    price numeric(12, 2) NOT NULL CHECK (price >= 0),
    stock integer NOT NULL DEFAULT 0 CHECK (stock >= 0),
    tags  text[] NOT NULL DEFAULT '{}'
);

CREATE INDEX products_tags_idx ON products USING gin (tags);
