CREATE TABLE logs (id int, at date NOT NULL, level int CHECK (level > 0), PRIMARY KEY (id, at)) PARTITION BY RANGE (at);
CREATE INDEX ON logs (level);
CREATE TABLE logs_a PARTITION OF logs FOR VALUES FROM ('2020-01-01') TO ('2021-01-01');
CREATE TABLE logs_b PARTITION OF logs FOR VALUES FROM ('2021-01-01') TO ('2022-01-01');
CREATE TABLE uses (l int, at date, FOREIGN KEY (l, at) REFERENCES logs);
