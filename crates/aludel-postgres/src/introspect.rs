//! Asks PostgreSQL what a database holds.
//!
//! A first message asks which kinds the database has at all, a second one has the queries of these, both inside one
//! `REPEATABLE READ READ ONLY` transaction with an empty search path, so that the answers belong together and every name
//! in them is qualified.

use aludel_catalog::{AssembleError, Assembler, Catalog, Object, ObjectKind, RowRead};

use crate::error::StatementError;
use crate::roles::PLACEHOLDER;
use crate::session::{Row, Session};

/// What is Aludel's own in a database and stays out of every catalog.
#[derive(Clone, Debug)]
pub struct Hidden {
    /// The version table: schema and name.
    pub version_table: (String, String),
    /// The schema of the log.
    pub log_schema: String,
    /// The log's name where it stands beside the version table.
    pub log_table: String,
    /// Whether roles are compared: they are the cluster's, and others' too.
    pub roles: Asked,
    /// Whether subscriptions are compared: they belong to the environment.
    pub subscriptions: Asked,
}

/// Whether somebody asked for what is left alone otherwise.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Asked {
    /// Nobody did.
    #[default]
    No,
    /// Somebody did.
    Yes,
}

impl Default for Hidden {
    fn default() -> Self {
        Self {
            version_table: ("public".to_owned(), "alembic_version".to_owned()),
            log_schema: "aludel".to_owned(),
            log_table: "aludel_log".to_owned(),
            roles: Asked::No,
            subscriptions: Asked::No,
        }
    }
}

impl Hidden {
    /// Takes what is Aludel's own out of `catalog`.
    pub fn apply(&self, catalog: &mut Catalog) {
        catalog.hide(&self.log_schema, None);
        catalog.hide(&self.version_table.0, Some(&self.version_table.1));
        catalog.hide(&self.version_table.0, Some(&self.log_table));
        if self.subscriptions == Asked::No {
            catalog.set_aside(ObjectKind::Subscription);
        }
        let unseen = |object: &Object| {
            object.id.kind == ObjectKind::Role
                && (self.roles == Asked::No || object.comment.as_deref() == Some(PLACEHOLDER))
        };
        catalog.objects.retain(|_, object| !unseen(object));
    }
}

/// A catalog could not be read.
#[derive(Debug, thiserror::Error)]
pub enum IntrospectError {
    /// The server refused a catalog query.
    #[error("the catalog could not be read")]
    Query(#[from] StatementError),
    /// The server's answer is not what the queries promise.
    #[error(transparent)]
    Assemble(#[from] AssembleError),
}

impl RowRead for Row {
    fn get(&self, index: usize) -> Option<&str> {
        Self::get(self, index)
    }

    fn width(&self) -> usize {
        self.len()
    }
}

/// Returns what the database of `session` holds.
pub async fn introspect(session: &Session, hidden: &Hidden) -> Result<Catalog, IntrospectError> {
    introspect_kinds(session, hidden, |_| true).await
}

/// The same, of the `wanted` kinds only.
pub async fn introspect_kinds(
    session: &Session,
    hidden: &Hidden,
    wanted: impl Fn(ObjectKind) -> bool,
) -> Result<Catalog, IntrospectError> {
    let mut assembler = Assembler::default();
    let mut fault = None;
    let sets = async {
        let script = script(session, wanted).await?;
        session
            .each_row(&script, |set, row| {
                if fault.is_none() {
                    fault = assembler.row(set, row).err();
                }
            })
            .await
    };
    let sets = after(session, sets.await).await?;
    if let Some(fault) = fault {
        return Err(fault.into());
    }
    let mut catalog = assembler.finish(sets)?;
    hidden.apply(&mut catalog);
    Ok(catalog)
}

/// Returns the server's answers to the catalog queries, one set for each.
pub(crate) async fn answers(session: &Session) -> Result<Vec<Vec<Row>>, StatementError> {
    let sets = async {
        let script = script(session, |_| true).await?;
        session.row_sets(&script).await
    };
    after(session, sets.await).await
}

/// Begins the transaction and returns the queries that are left to send, with its end.
async fn script(
    session: &Session,
    wanted: impl Fn(ObjectKind) -> bool,
) -> Result<String, StatementError> {
    // Compiling these queries would take longer than running them, and a second process would have to warm the caches
    // that make a definition cheap to write once more.
    let beginning = format!(
        "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY; SET LOCAL search_path = ''; \
         SET LOCAL jit = off; SET LOCAL max_parallel_workers_per_gather = 0;\n{}",
        aludel_catalog::presence_query()
    );
    let present = session.row_sets(&beginning).await?;
    let is_absent = |kind: ObjectKind| {
        let row = present.first().and_then(|rows| rows.first());
        row.and_then(|row| row.get(kind as usize)) == Some("f")
    };
    let queries = aludel_catalog::queries_of(session.server_version_num(), |kind| {
        wanted(kind) && !is_absent(kind)
    });
    Ok(format!("{};\nCOMMIT", queries.join(";\n")))
}

/// Ends the transaction that an error left open.
async fn after<T>(
    session: &Session,
    answer: Result<T, StatementError>,
) -> Result<T, StatementError> {
    if answer.is_err() {
        session.execute("ROLLBACK").await.ok();
    }
    answer
}
