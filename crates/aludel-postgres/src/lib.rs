//! The only crate that opens a connection: URL, TLS, execute, introspect, scratch engines.
//!
//! Reading order: [`url`] (where a database is), [`session`] (one connection), [`error`] (what can
//! go wrong).

mod account;
mod connect;
pub mod error;
pub mod introspect;
pub mod programs;
mod quote;
pub mod session;
mod tls;
pub mod url;

pub use error::{ConnectError, ConnectFailure, Notice, StatementError, StatementReport};
pub use introspect::{Hidden, IntrospectError, introspect};
pub use session::{CancelHandle, ConnectOptions, Row, Session};
pub use url::{DatabaseUrl, UrlError};
