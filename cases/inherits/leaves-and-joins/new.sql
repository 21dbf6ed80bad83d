CREATE TABLE a (id int NOT NULL, x text, CONSTRAINT ck CHECK (id > 0));
CREATE TABLE a2 (id int NOT NULL);
CREATE TABLE b (id int NOT NULL, x text, CONSTRAINT ck CHECK (id > 0));
CREATE TABLE c () INHERITS (a);
CREATE TABLE d (more int) INHERITS (a2, a);
