SELECT setval('numbers', 200);
