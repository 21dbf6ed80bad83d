CREATE TYPE kind AS ENUM ('a', 'b');
CREATE DOMAIN positive AS integer CHECK (VALUE > 0);
CREATE TABLE parents (id integer GENERATED ALWAYS AS IDENTITY PRIMARY KEY, kind kind NOT NULL, size positive NOT NULL, status text NOT NULL CHECK (status IN ('new', 'done')));
CREATE TABLE children (id uuid PRIMARY KEY, parent_id integer NOT NULL REFERENCES parents, tags text[] NOT NULL, span int4range, n integer NOT NULL CHECK (n > 1000));
