CREATE TEXT SEARCH DICTIONARY a (TEMPLATE = simple, accept = true, stopwords = german);
CREATE TEXT SEARCH DICTIONARY b (TEMPLATE = simple, stopwords = english);
CREATE TEXT SEARCH DICTIONARY c (TEMPLATE = simple);
CREATE TEXT SEARCH DICTIONARY d (TEMPLATE = snowball, stopwords = english, language = english);
CREATE TEXT SEARCH DICTIONARY e (TEMPLATE = synonym, synonyms = 'synonym_sample');
CREATE TEXT SEARCH DICTIONARY z_stem (TEMPLATE = snowball, language = english);
CREATE TEXT SEARCH DICTIONARY asks (TEMPLATE = thesaurus, dictfile = 'thesaurus_sample', dictionary = 'public.z_stem');
CREATE TEXT SEARCH CONFIGURATION k (PARSER = "default");
ALTER TEXT SEARCH CONFIGURATION k ADD MAPPING FOR asciiword WITH a, b, c, d;
