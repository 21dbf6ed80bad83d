//! Applies revisions to a database and takes them back; keeps the version table and the log.
