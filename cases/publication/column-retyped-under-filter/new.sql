CREATE TABLE a (id bigint PRIMARY KEY, x bigint, z text);
CREATE PUBLICATION p FOR TABLE a (id, x) WHERE (id > 5);
