CREATE COLLATION co (provider = icu, locale = 'und', rules = '& b < g');
CREATE COLLATION co2 (provider = icu, locale = 'und', rules = '& c < h');
CREATE TABLE t (a text COLLATE co);
