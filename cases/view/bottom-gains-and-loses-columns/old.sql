CREATE TABLE t (id int PRIMARY KEY, a text, b text);
CREATE VIEW bottom AS SELECT id, a FROM t;
CREATE VIEW middle AS SELECT id, a FROM bottom;
CREATE VIEW top AS SELECT m.id, b.a FROM middle m JOIN bottom b USING (id);
