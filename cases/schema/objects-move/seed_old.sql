INSERT INTO u (e, s) VALUES ('x', 1);
