ALTER POLICY own ON users USING (status = 'active');
