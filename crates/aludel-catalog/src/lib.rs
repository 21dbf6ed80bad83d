//! What a PostgreSQL schema is: identifiers, object ids, the catalog, one folder per object kind.
