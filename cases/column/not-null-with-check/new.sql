CREATE TABLE t (id int PRIMARY KEY, a text NOT NULL DEFAULT '' CHECK (a <> 'x'), b text CHECK (b IS NOT NULL));
