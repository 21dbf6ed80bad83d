CREATE TABLE p (id int CONSTRAINT old_pk PRIMARY KEY, a int CONSTRAINT old_uq UNIQUE, b int CONSTRAINT old_ck CHECK (b > 0));
CREATE INDEX old_ix ON p (b);
CREATE TABLE k (id int CONSTRAINT old_fk REFERENCES p, a int REFERENCES p (a));
