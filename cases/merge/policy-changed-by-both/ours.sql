ALTER POLICY own ON users USING (email = current_user);
