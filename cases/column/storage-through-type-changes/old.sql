CREATE TYPE pair AS (a int, b text);
CREATE TABLE t (id int PRIMARY KEY, note varchar(40), body text[], pair pair, tag text COLLATE "C");
ALTER TABLE t ALTER note SET STORAGE EXTERNAL, ALTER body SET STORAGE MAIN, ALTER pair SET STORAGE PLAIN, ALTER tag SET COMPRESSION pglz;
