SELECT 'users'::regclass::oid, 'users_pkey'::regclass::oid, 'users_name_idx'::regclass::oid, 'users_email_key'::regclass::oid,
    'users_id_seq'::regclass::oid, 'grown'::regclass::oid, 'names'::regclass::oid, (SELECT last_value FROM users_id_seq);
SELECT * FROM users ORDER BY id;
SELECT * FROM names ORDER BY 1;
SELECT oid FROM pg_constraint WHERE oid > 16384 AND contype <> 'n' ORDER BY 1;
