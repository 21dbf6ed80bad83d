CREATE TEXT SEARCH DICTIONARY a (TEMPLATE = simple, stopwords = english, accept = false);
CREATE TEXT SEARCH DICTIONARY b (TEMPLATE = simple);
CREATE TEXT SEARCH DICTIONARY c (TEMPLATE = simple, stopwords = english);
CREATE TEXT SEARCH DICTIONARY d (TEMPLATE = snowball, language = english, stopwords = english);
CREATE TEXT SEARCH DICTIONARY e (TEMPLATE = synonym, synonyms = 'synonym_sample', casesensitive = 1);
CREATE TEXT SEARCH DICTIONARY z_stem (TEMPLATE = snowball, language = english);
CREATE TEXT SEARCH CONFIGURATION k (PARSER = "default");
ALTER TEXT SEARCH CONFIGURATION k ADD MAPPING FOR asciiword WITH a, b, c, d;
