CREATE TABLE t (id int PRIMARY KEY, a jsonb, b integer, c integer[], d date, e uuid, f bytea[]);
