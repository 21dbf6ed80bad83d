CREATE TYPE num;
CREATE FUNCTION num_in(cstring) RETURNS num LANGUAGE internal IMMUTABLE STRICT AS 'int4in';
CREATE FUNCTION num_out(num) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'int4out';

CREATE FUNCTION num_recv(internal) RETURNS num LANGUAGE internal IMMUTABLE STRICT AS 'int4recv';
CREATE FUNCTION num_send(num) RETURNS bytea LANGUAGE internal IMMUTABLE STRICT AS 'int4send';

CREATE TYPE num (INPUT = num_in, OUTPUT = num_out, INTERNALLENGTH = 4, PASSEDBYVALUE, ALIGNMENT = int4, RECEIVE = num_recv, SEND = num_send);
CREATE TABLE t (a num, b num[]);
CREATE VIEW v AS SELECT a FROM t;
CREATE TYPE other;
CREATE FUNCTION other_in(cstring) RETURNS other LANGUAGE internal IMMUTABLE STRICT AS 'int4in';
CREATE FUNCTION other_out(other) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'int4out';
CREATE TYPE other (INPUT = other_in, OUTPUT = other_out, LIKE = int);
CREATE TABLE u (a other);
