CREATE TYPE num;
CREATE FUNCTION num_in(cstring) RETURNS num LANGUAGE internal IMMUTABLE STRICT AS 'int4in';
CREATE FUNCTION num_out(num) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'int4out';

CREATE FUNCTION num_recv(internal) RETURNS num LANGUAGE internal IMMUTABLE STRICT AS 'int4recv';
CREATE FUNCTION num_send(num) RETURNS bytea LANGUAGE internal IMMUTABLE STRICT AS 'int4send';

CREATE TYPE num (INPUT = num_in, OUTPUT = num_out, INTERNALLENGTH = 4, PASSEDBYVALUE, ALIGNMENT = int4, SEND = num_send);
COMMENT ON TYPE num IS 'old';
CREATE TABLE t (a num, b num[]);
CREATE VIEW v AS SELECT a FROM t;
CREATE TYPE long;
CREATE FUNCTION long_in(cstring) RETURNS long LANGUAGE internal IMMUTABLE STRICT AS 'textin';
CREATE FUNCTION long_out(long) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'textout';
CREATE FUNCTION long_mod_in(cstring[]) RETURNS int LANGUAGE internal IMMUTABLE STRICT AS 'varchartypmodin';
CREATE FUNCTION long_mod_out(int) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'varchartypmodout';
CREATE TYPE long (INPUT = long_in, OUTPUT = long_out, STORAGE = external);
CREATE TABLE u (x int, l long, m long);
ALTER TABLE u ALTER m SET STORAGE main;
