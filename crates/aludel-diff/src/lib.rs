//! Two catalogs to the changes between them.
