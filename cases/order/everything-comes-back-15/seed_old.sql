INSERT INTO app.base (amount, note, tenant) VALUES (1, 'a', 't'), (20, 'x', 't'); REFRESH MATERIALIZED VIEW app.mv; INSERT INTO app.other (note) VALUES ('a');
