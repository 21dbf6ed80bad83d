DO $$ BEGIN CREATE ROLE tenant; EXCEPTION WHEN duplicate_object THEN NULL; END $$;
CREATE TABLE doc (id int PRIMARY KEY, tenant_id int NOT NULL);
CREATE FUNCTION allowed(t int) RETURNS boolean LANGUAGE sql STABLE SECURITY DEFINER SET search_path = pg_catalog, public AS 'SELECT t = 1';
ALTER TABLE doc ENABLE ROW LEVEL SECURITY;
ALTER TABLE doc FORCE ROW LEVEL SECURITY;
CREATE POLICY p ON doc FOR SELECT TO tenant USING (allowed(tenant_id));
CREATE POLICY "p Two" ON doc AS RESTRICTIVE FOR UPDATE USING (tenant_id > 0) WITH CHECK (allowed(tenant_id));
COMMENT ON POLICY p ON doc IS 'only theirs';
