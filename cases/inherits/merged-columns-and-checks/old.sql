CREATE TABLE person (id int PRIMARY KEY);
CREATE TABLE employee (salary int) INHERITS (person);
