CREATE SEQUENCE s; CREATE SEQUENCE "S 2" AS int;
CREATE TABLE a (id int, y int DEFAULT nextval('"S 2"'));
CREATE TABLE b (id int DEFAULT nextval('s'), "z Y" int);
ALTER SEQUENCE s OWNED BY b.id;
ALTER SEQUENCE "S 2" OWNED BY a.y;
