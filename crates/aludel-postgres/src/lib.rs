//! The only crate that opens a connection: URL, TLS, execute, introspect, scratch engines.
//!
//! Reading order: [`url`] (where a database is), [`session`] (one connection), [`error`] (what can
//! go wrong), [`programs`] (PostgreSQL on this machine), [`scratch`] (databases for one question),
//! [`local`] (the database of a project without a URL), [`introspect`](mod@introspect) (what a database holds).

mod account;
pub mod build;
mod cache;
mod cluster;
mod connect;
pub mod error;
mod extension_package;
pub mod install;
pub mod introspect;
pub mod local;
mod process;
pub mod programs;
mod quote;
mod random;
pub mod roles;
pub mod scratch;
pub mod session;
mod tls;
pub mod url;

pub use build::{BuildError, Builder, Script};
pub use cache::default_cache_dir;
pub use cluster::ClusterError;
pub use error::{ConnectError, ConnectFailure, Notice, StatementError, StatementReport};
pub use install::{InstallError, InstallOutcome, Installed, install};
pub use introspect::{Asked, Hidden, IntrospectError, introspect, introspect_kinds};
pub use local::{LocalCluster, LocalError, LocalState, LocalStatus};
pub use programs::{Programs, find_programs};
pub use roles::PrepareError;
pub use scratch::{
    EngineChoice, EngineFinding, Logged, LoggedFailure, SCRATCH_PREFIX, Scratch, ScratchDatabase,
    ScratchError, ScratchOptions, ScratchPlan, StatementLog, survey,
};
pub use session::{CancelHandle, ConnectOptions, Row, Session};
pub use url::{DatabaseUrl, UrlError};
