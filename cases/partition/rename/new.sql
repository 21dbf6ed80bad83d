CREATE TABLE events (id int, at date NOT NULL, severity int CHECK (severity > 0), PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
CREATE INDEX ON events (severity);
CREATE TABLE events_2020 PARTITION OF events FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
CREATE TABLE logs_b PARTITION OF events FOR VALUES FROM ('2021-01-01') TO ('2022-01-01');
CREATE TABLE uses (l int, at date, FOREIGN KEY (l, at) REFERENCES events);
