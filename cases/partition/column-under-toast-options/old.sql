-- A partition's storage parameters wait for the column that brings its TOAST table.
CREATE TABLE events (id bigint NOT NULL, weight double precision) PARTITION BY LIST (id);
CREATE TABLE events_rest PARTITION OF events DEFAULT
    WITH (autovacuum_vacuum_threshold = 200, toast.autovacuum_enabled = false);
CREATE TABLE parent (id bigint);
CREATE TABLE child (more int) INHERITS (parent) WITH (toast.autovacuum_enabled = false);
