INSERT INTO users (name, email, age) VALUES ('ann', 'a@b', 20), ('bob', 'b@b', 30);
INSERT INTO posts VALUES (1, 2, 'x');
REFRESH MATERIALIZED VIEW names;
