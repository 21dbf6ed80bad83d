CREATE TYPE pair AS (a int, b text, c date);
CREATE TABLE t (id int PRIMARY KEY, note text, body money, pair pair, tag varchar(30));
ALTER TABLE t ALTER note SET STORAGE EXTERNAL, ALTER pair SET STORAGE PLAIN, ALTER tag SET COMPRESSION pglz;
