CREATE TABLE person (id int PRIMARY KEY, name text DEFAULT 'x', age int, CONSTRAINT grown CHECK (age > 0));
CREATE TABLE employee (salary int, name text DEFAULT 'y', age int, CONSTRAINT grown CHECK (age > 0)) INHERITS (person);
CREATE TABLE boss (name text, cars int) INHERITS (employee);
