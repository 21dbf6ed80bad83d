INSERT INTO t (name) VALUES ('ours');
