CREATE POLICY active ON users USING (status = 'active');
