INSERT INTO t VALUES (1, 'b', NULL);
UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'broken_a'::regclass;
