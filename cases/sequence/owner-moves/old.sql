CREATE SEQUENCE s; CREATE SEQUENCE "S 2" AS int;
CREATE TABLE a (id int DEFAULT nextval('s'), y int);
CREATE TABLE b (id int, "y Y" int DEFAULT nextval('"S 2"'));
ALTER SEQUENCE s OWNED BY a.id;
ALTER SEQUENCE "S 2" OWNED BY b."y Y";
