CREATE TABLE u (id int PRIMARY KEY, g int GENERATED ALWAYS AS (id * 2) STORED); CREATE PUBLICATION p FOR TABLE u WITH (publish_generated_columns = stored); CREATE PUBLICATION q FOR TABLE u (id, g);
