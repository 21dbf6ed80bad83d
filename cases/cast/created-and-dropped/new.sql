CREATE TYPE mood AS ENUM ('low', 'high');
CREATE FUNCTION mood_to_int(mood) RETURNS int LANGUAGE sql IMMUTABLE AS $$ SELECT CASE $1 WHEN 'low' THEN 1 ELSE 2 END $$;
CREATE FUNCTION int_to_mood(int) RETURNS mood LANGUAGE sql IMMUTABLE AS $$ SELECT CASE WHEN $1 = 1 THEN 'low' ELSE 'high' END::public.mood $$;

CREATE CAST (mood AS int) WITH FUNCTION mood_to_int(mood) AS ASSIGNMENT;
CREATE CAST (int AS mood) WITH FUNCTION int_to_mood(int);
CREATE CAST (text AS mood) WITH INOUT AS IMPLICIT;
CREATE SCHEMA "S";
CREATE CAST (money AS bigint) WITHOUT FUNCTION;
CREATE CAST (bigint[] AS money) WITH INOUT AS ASSIGNMENT;
CREATE CAST (int[] AS mood) WITH INOUT;
COMMENT ON CAST (money AS bigint) IS 'the same bytes';
CREATE TABLE t (m mood DEFAULT 1::mood, n int, CHECK (m::int < n));
CREATE VIEW v AS SELECT n::mood AS m, m::int AS n FROM t;
CREATE INDEX i ON t ((n::mood));
