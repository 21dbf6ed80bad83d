CREATE TABLE a (id int);
CREATE SEQUENCE s2; CREATE TABLE c (id int DEFAULT nextval('s2'));
