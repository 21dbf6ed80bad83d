"""Called like a module of Python's, which the application is free to do."""
