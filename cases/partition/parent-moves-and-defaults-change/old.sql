CREATE SCHEMA app;
CREATE SCHEMA parts;
CREATE TABLE app.events (id integer NOT NULL, waits interval, PRIMARY KEY (id, waits)) PARTITION BY LIST (id);
CREATE TABLE parts.events_1 PARTITION OF app.events FOR VALUES IN (1, 2);
CREATE TABLE parts.events_rest PARTITION OF app.events DEFAULT;
