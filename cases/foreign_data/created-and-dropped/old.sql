CREATE TABLE here (a int);
