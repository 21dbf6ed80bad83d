//! The only crate that opens a connection: URL, TLS, execute, introspect, scratch engines.
