UPDATE users SET status = 'x' WHERE id < 50;
