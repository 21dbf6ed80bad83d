SELECT 'accounts'::regclass::oid, 'accounts_pkey'::regclass::oid, 'accounts_full_name_idx'::regclass::oid, 'accounts_email_key'::regclass::oid,
    'accounts_id_seq'::regclass::oid, 'grown'::regclass::oid, 'names'::regclass::oid, (SELECT last_value FROM accounts_id_seq);
SELECT * FROM accounts ORDER BY id;
SELECT * FROM names ORDER BY 1;
SELECT oid FROM pg_constraint WHERE oid > 16384 AND contype <> 'n' ORDER BY 1;
