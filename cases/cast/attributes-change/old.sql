CREATE TYPE mood AS ENUM ('low', 'high');
CREATE FUNCTION mood_to_int(mood) RETURNS int LANGUAGE sql IMMUTABLE AS $$ SELECT CASE $1 WHEN 'low' THEN 1 ELSE 2 END $$;
CREATE FUNCTION int_to_mood(int) RETURNS mood LANGUAGE sql IMMUTABLE AS $$ SELECT CASE WHEN $1 = 1 THEN 'low' ELSE 'high' END::public.mood $$;

CREATE CAST (mood AS int) WITH FUNCTION mood_to_int(mood);
CREATE CAST (int AS mood) WITH FUNCTION int_to_mood(int);
CREATE CAST (text AS mood) WITH INOUT;
COMMENT ON CAST (text AS mood) IS 'old';
CREATE CAST (varchar AS mood) WITH INOUT;
CREATE TABLE t (m mood DEFAULT 1::mood, n int, x text, CHECK (m::int < 5));
CREATE VIEW v AS SELECT n::mood AS m, m::int AS n, x::mood AS o FROM t;
CREATE INDEX i ON t ((n::mood));
