CREATE DOMAIN natural_number AS int CHECK (VALUE > 0) CONSTRAINT below_hundred CHECK (VALUE < 100);
CREATE TABLE t (x natural_number, y natural_number[]);
CREATE FUNCTION f(p natural_number) RETURNS int LANGUAGE sql AS 'SELECT p + 1';
