CREATE TABLE ev (id int NOT NULL, at date NOT NULL);
CREATE INDEX ev_id ON ev (id);
