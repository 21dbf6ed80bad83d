CREATE TABLE p (id int4range, at daterange, n int, CONSTRAINT p_pk PRIMARY KEY (id, at WITHOUT OVERLAPS)); CREATE TABLE k (id int4range, at daterange, n int, CONSTRAINT ck CHECK (n > 0) NOT ENFORCED);
CREATE TABLE q (id int PRIMARY KEY); CREATE TABLE r (q int, CONSTRAINT fk FOREIGN KEY (q) REFERENCES q NOT ENFORCED);
