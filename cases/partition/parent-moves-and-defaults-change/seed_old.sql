INSERT INTO app.events VALUES (1, '1 day'), (5, '1 day');
