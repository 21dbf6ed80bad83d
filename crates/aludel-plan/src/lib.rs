//! Changes to ordered steps of SQL.
