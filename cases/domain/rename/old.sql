CREATE DOMAIN positive AS int CHECK (VALUE > 0) CONSTRAINT small CHECK (VALUE < 100);
CREATE TABLE t (x positive, y positive[]);
CREATE FUNCTION f(p positive) RETURNS int LANGUAGE sql AS 'SELECT p + 1';
