CREATE SCHEMA tenant_one;
