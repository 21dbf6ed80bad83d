CREATE FOREIGN DATA WRAPPER w OPTIONS (debug 'false', fresh 'x');
CREATE SERVER s VERSION '2.0' FOREIGN DATA WRAPPER w OPTIONS (host 'g', dbname '1');
CREATE SERVER s2 FOREIGN DATA WRAPPER w;
CREATE USER MAPPING FOR PUBLIC SERVER s OPTIONS (username 'v');
CREATE FOREIGN TABLE far (id bigint, a text OPTIONS (column_name 'B'), b bigint OPTIONS (z 'z'), c date) SERVER s OPTIONS (table_name 'u');
CREATE FOREIGN TABLE moved (id int) SERVER s2;
CREATE VIEW v AS SELECT a, b FROM far;
