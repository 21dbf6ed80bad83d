CREATE TYPE e AS ENUM ('a');
CREATE TABLE t (x e DEFAULT 'a', y text DEFAULT 'b');
