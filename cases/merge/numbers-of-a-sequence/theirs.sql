INSERT INTO t (name) VALUES ('theirs');
