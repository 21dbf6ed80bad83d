CREATE TABLE metrics (id int PRIMARY KEY, value float8);
