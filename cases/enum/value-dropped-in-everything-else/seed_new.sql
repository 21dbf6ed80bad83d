INSERT INTO t (x, z) VALUES ('a', '{a,b}'); INSERT INTO w VALUES (ROW('a', 1));
