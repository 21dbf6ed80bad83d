CREATE TABLE a (id int PRIMARY KEY, x bigint, y text); CREATE TABLE c (id int PRIMARY KEY); CREATE TABLE d (id int PRIMARY KEY);
CREATE SCHEMA s; CREATE TABLE s."T" (id int);
CREATE PUBLICATION p FOR TABLE a (id, x) WHERE (id > 5), c WITH (publish_via_partition_root = true);
CREATE PUBLICATION "q q" FOR TABLES IN SCHEMA s;
CREATE PUBLICATION q FOR ALL TABLES WITH (publish = 'insert, delete');
CREATE PUBLICATION e;
