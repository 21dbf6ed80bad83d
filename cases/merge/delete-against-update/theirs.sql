UPDATE users SET status = 'new' WHERE status IS NULL;
