CREATE TABLE member (id int PRIMARY KEY, org int, kind text);
CREATE TABLE doc (id int PRIMARY KEY, org int);
ALTER TABLE doc ENABLE ROW LEVEL SECURITY;
CREATE POLICY p ON doc USING (EXISTS (SELECT 1 FROM member m WHERE m.org = doc.org AND m.kind = 'a'));
