SELECT nextval('a'); INSERT INTO t (id) VALUES (9);
