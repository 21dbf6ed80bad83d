CREATE FUNCTION token() RETURNS text LANGUAGE plpgsql VOLATILE AS 'BEGIN RETURN md5(random()::text); END';
CREATE TABLE t (
    id int PRIMARY KEY,
    name text,
    u uuid NOT NULL DEFAULT gen_random_uuid(),
    s bigserial,
    made timestamptz DEFAULT now(),
    key text DEFAULT token()
);
CREATE TABLE child (extra int) INHERITS (t);
CREATE UNIQUE INDEX t_u ON t (u);
ALTER TABLE t ADD CONSTRAINT t_key CHECK (key IS NOT NULL);
CREATE TABLE p (id int, k int, u uuid NOT NULL DEFAULT gen_random_uuid()) PARTITION BY LIST (k);
CREATE TABLE p_1 PARTITION OF p FOR VALUES IN (1);
CREATE TABLE p_2 PARTITION OF p FOR VALUES IN (2) PARTITION BY RANGE (id);
CREATE TABLE p_2_a PARTITION OF p_2 FOR VALUES FROM (1) TO (1000);
CREATE TABLE "Odd Name" (id int NOT NULL, "Co""l" double precision NOT NULL DEFAULT random(), CONSTRAINT odd_id CHECK (id IS NOT NULL));
