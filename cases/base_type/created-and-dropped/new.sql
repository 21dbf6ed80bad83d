CREATE SCHEMA s;
CREATE TYPE num;
CREATE FUNCTION num_in(cstring) RETURNS num LANGUAGE internal IMMUTABLE STRICT AS 'int4in';
CREATE FUNCTION num_out(num) RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'int4out';

CREATE FUNCTION num_recv(internal) RETURNS num LANGUAGE internal IMMUTABLE STRICT AS 'int4recv';
CREATE FUNCTION num_send(num) RETURNS bytea LANGUAGE internal IMMUTABLE STRICT AS 'int4send';

CREATE TYPE num (INPUT = num_in, OUTPUT = num_out, INTERNALLENGTH = 4, PASSEDBYVALUE, ALIGNMENT = int4, RECEIVE = num_recv, SEND = num_send);
COMMENT ON TYPE num IS 'a number';
COMMENT ON FUNCTION num_in(cstring) IS 'reads';

CREATE FUNCTION num_lt(num, num) RETURNS boolean LANGUAGE internal IMMUTABLE STRICT AS 'int4lt';
CREATE FUNCTION num_le(num, num) RETURNS boolean LANGUAGE internal IMMUTABLE STRICT AS 'int4le';
CREATE FUNCTION num_eq(num, num) RETURNS boolean LANGUAGE internal IMMUTABLE STRICT AS 'int4eq';
CREATE FUNCTION num_ge(num, num) RETURNS boolean LANGUAGE internal IMMUTABLE STRICT AS 'int4ge';
CREATE FUNCTION num_gt(num, num) RETURNS boolean LANGUAGE internal IMMUTABLE STRICT AS 'int4gt';
CREATE FUNCTION num_cmp(num, num) RETURNS int LANGUAGE internal IMMUTABLE STRICT AS 'btint4cmp';
CREATE OPERATOR < (FUNCTION = num_lt, LEFTARG = num, RIGHTARG = num, COMMUTATOR = >, NEGATOR = >=, RESTRICT = scalarltsel, JOIN = scalarltjoinsel);
CREATE OPERATOR <= (FUNCTION = num_le, LEFTARG = num, RIGHTARG = num, COMMUTATOR = >=, NEGATOR = >);
CREATE OPERATOR = (FUNCTION = num_eq, LEFTARG = num, RIGHTARG = num, COMMUTATOR = =, MERGES);
CREATE OPERATOR >= (FUNCTION = num_ge, LEFTARG = num, RIGHTARG = num, COMMUTATOR = <=, NEGATOR = <);
CREATE OPERATOR > (FUNCTION = num_gt, LEFTARG = num, RIGHTARG = num, COMMUTATOR = <, NEGATOR = <=);
CREATE OPERATOR CLASS num_ops DEFAULT FOR TYPE num USING btree AS OPERATOR 1 <, OPERATOR 2 <=, OPERATOR 3 =, OPERATOR 4 >=, OPERATOR 5 >, FUNCTION 1 num_cmp(num, num);
CREATE CAST (int AS num) WITHOUT FUNCTION AS IMPLICIT;
CREATE CAST (num AS int) WITHOUT FUNCTION AS ASSIGNMENT;
CREATE DOMAIN small AS num CHECK (VALUE < '10'::num);
CREATE TYPE nums AS RANGE (subtype = num);
CREATE TABLE t (id num PRIMARY KEY, a num[] DEFAULT '{1,2}', s small, r nums, n int, CHECK (n::num < id), UNIQUE (s));
CREATE INDEX ON t USING gist (r);
CREATE TABLE u (id num REFERENCES t);
CREATE VIEW v AS SELECT id, max(n), n::num AS m FROM t GROUP BY id, n ORDER BY id DESC;
CREATE FUNCTION f(num) RETURNS int LANGUAGE sql BEGIN ATOMIC SELECT $1::int; END;

CREATE TYPE s.alone;
COMMENT ON TYPE s.alone IS 'only a name';
CREATE FUNCTION takes(s.alone) RETURNS cstring LANGUAGE internal AS 'textout';
CREATE TYPE s."Text too";
CREATE FUNCTION s.tin(cstring) RETURNS s."Text too" LANGUAGE internal IMMUTABLE STRICT AS 'textin';
CREATE FUNCTION s.tout(s."Text too") RETURNS cstring LANGUAGE internal IMMUTABLE STRICT AS 'textout';
CREATE TYPE s."Text too" (INPUT = s.tin, OUTPUT = s.tout, LIKE = text, CATEGORY = 'S', PREFERRED = false, DEFAULT = 'it''s', DELIMITER = ';', COLLATABLE = true);
CREATE TABLE tt (a s."Text too" COLLATE "C", b s."Text too"[]);
