CREATE TABLE t (id int PRIMARY KEY, b text, c date);
CREATE VIEW bottom AS SELECT c, id, b AS a FROM t;
CREATE VIEW middle AS SELECT id, a, c FROM bottom;
CREATE VIEW top AS SELECT m.id, b.a, m.c FROM middle m JOIN bottom b USING (id);
