CREATE TABLE t (a int); CREATE VIEW v1 WITH (security_barrier = false) AS SELECT a FROM t; CREATE VIEW v2 WITH (security_invoker) AS SELECT a FROM t WITH CHECK OPTION;
