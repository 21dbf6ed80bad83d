CREATE COLLATION co (provider = icu, locale = 'und', rules = '& a < g');
CREATE TABLE t (a text COLLATE co);
