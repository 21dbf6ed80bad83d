CREATE SEQUENCE counter;
CREATE FUNCTION short_id(n int DEFAULT 5) RETURNS text LANGUAGE sql AS $$ SELECT repeat('x', n) $$;
CREATE TABLE t (id int DEFAULT nextval('counter'), a text DEFAULT short_id(), b text DEFAULT short_id(3) || 'y');
