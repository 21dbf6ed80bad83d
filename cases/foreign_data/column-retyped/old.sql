CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w;
CREATE TYPE mood AS ENUM ('good', 'bad', 'gone');
CREATE FOREIGN TABLE far (a integer, b text, c text[], m mood DEFAULT 'good') SERVER s;
CREATE VIEW near AS SELECT a, b FROM far;
