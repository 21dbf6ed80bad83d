CREATE TYPE level AS ENUM ('high', 'low', 'mid');
CREATE TYPE level_range AS RANGE (subtype = level);
CREATE DOMAIN first AS level CHECK (VALUE <> 'high'); CREATE DOMAIN second AS first DEFAULT 'low'; CREATE DOMAIN lists AS second[];
CREATE TYPE inner_pair AS (l level, ls level[], d second); CREATE TYPE outer_pair AS (p inner_pair, ps inner_pair[], r level_range);
CREATE DOMAIN of_range AS level_range CHECK (NOT isempty(VALUE));
CREATE TABLE t (id int PRIMARY KEY, r level_range, rs level_range[], m level_multirange, s second, ls lists, i inner_pair, o outer_pair DEFAULT ROW(NULL, NULL, '[high,low]'), os outer_pair[], dr of_range,
    EXCLUDE USING gist (r WITH &&));
CREATE INDEX ON t (s) WHERE s::level > 'low'; CREATE INDEX ON t ((upper(m)));
CREATE VIEW v AS SELECT id, lower(r) AS l, (i).l AS il, ((o).p).d AS od FROM t; CREATE MATERIALIZED VIEW mv AS SELECT il, count(*) FROM v GROUP BY il; CREATE UNIQUE INDEX ON mv (il);
CREATE FUNCTION f(VARIADIC l level[] DEFAULT '{low}', OUT r level_range) LANGUAGE sql AS $$ SELECT NULL::public.level_range $$;
CREATE FUNCTION g(second) RETURNS TABLE (a inner_pair, b level) LANGUAGE plpgsql AS $$ BEGIN END $$; COMMENT ON FUNCTION g IS 'g'; REVOKE ALL ON FUNCTION g FROM PUBLIC;
CREATE AGGREGATE top(level) (SFUNC = enum_larger, STYPE = level);
CREATE TABLE gen (l level, up text GENERATED ALWAYS AS (CASE WHEN l = 'low' THEN 'x' END) STORED, r level_range GENERATED ALWAYS AS (level_range(l, NULL)) STORED);
CREATE TABLE gen1 (l level DEFAULT 'mid', up text, r level_range);
CREATE TABLE typed OF inner_pair (l DEFAULT 'mid', PRIMARY KEY (l));
