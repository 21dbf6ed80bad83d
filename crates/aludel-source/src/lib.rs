//! Where the desired schema comes from: SQL files, SQLAlchemy models, a command, a database.
