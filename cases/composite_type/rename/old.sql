CREATE TYPE address AS (street text, town text);
CREATE TABLE t (id int, home address, others address[]);
CREATE TABLE typed OF address;
CREATE VIEW v AS SELECT (home).town FROM t;
