CREATE TABLE p (id int CONSTRAINT new_pk PRIMARY KEY, a int CONSTRAINT new_uq UNIQUE, b int CONSTRAINT new_ck CHECK (b > 0));
CREATE INDEX new_ix ON p (b);
CREATE TABLE k (id int CONSTRAINT new_fk REFERENCES p, a int REFERENCES p (a));
