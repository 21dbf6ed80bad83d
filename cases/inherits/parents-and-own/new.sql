CREATE TABLE a (x bigint, y int CHECK (y > 0), w text); CREATE TABLE b (z int DEFAULT 5); CREATE TABLE c (own text) INHERITS (a, b); CREATE TABLE d (x bigint, y int, CONSTRAINT a_y_check CHECK (y > 0), w text) INHERITS (a); CREATE TABLE e () INHERITS (c);
COMMENT ON COLUMN c.x IS 'cx'; ALTER TABLE c ALTER z SET DEFAULT 4; CREATE INDEX c_x ON c (x);
