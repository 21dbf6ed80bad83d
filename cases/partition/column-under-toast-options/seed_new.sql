INSERT INTO events VALUES (1, 2.5, 'n');
INSERT INTO child VALUES (1, 'n', 2);
