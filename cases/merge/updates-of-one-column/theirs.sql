UPDATE users SET name = name || 'x';
