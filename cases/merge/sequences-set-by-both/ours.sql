SELECT setval('numbers', 100);
