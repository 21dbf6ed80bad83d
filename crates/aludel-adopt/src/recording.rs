//! What a step did, made of what reached the server: transactions that were committed, in order, and what was read.

use std::collections::{BTreeMap, BTreeSet};

use aludel_postgres::{Logged, LoggedFailure};

use crate::any_database::in_any_database;
use crate::recorder::VersionTable;
use crate::statement::{Sort, shape, sort, where_it_is};

/// What one step of Alembic's did.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Recording {
    /// What was committed before the revision began: by `env.py`.
    pub prologue: Vec<Transaction>,
    /// What the revision committed, in order.
    pub transactions: Vec<Transaction>,
    /// The reads of rows whose answers Python got; of those that differ in constants alone, the first.
    pub reads: Vec<String>,
    /// Statements that failed without failing the step.
    pub swallowed: Vec<(String, LoggedFailure)>,
    /// Settings that `env.py` made for its session.
    pub settings: Vec<String>,
    /// Statements whose effect a file cannot have.
    pub unrecordable: Vec<String>,
}

/// Statements that were committed together.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Transaction {
    /// The statements in order.
    pub statements: Vec<String>,
    /// Whether each was a transaction of its own.
    pub is_autocommit: bool,
}

/// One session on its way.
#[derive(Default)]
struct Session {
    /// The transaction that is open.
    open: Option<Open>,
}

#[derive(Default)]
struct Open {
    /// Each with the number of marks before it.
    statements: Vec<(usize, String)>,
    savepoints: Vec<(String, usize)>,
    is_aborted: bool,
}

impl Recording {
    /// Makes a recording of what was logged during a step.
    pub(crate) fn new(
        logged: &[Logged],
        version: &VersionTable,
        volatile: &BTreeSet<String>,
    ) -> Self {
        Reader::new(version, volatile).read(logged).recording
    }

    /// The same of what no mark begins: all of it counts.
    pub(crate) fn whole(
        logged: &[Logged],
        version: &VersionTable,
        volatile: &BTreeSet<String>,
    ) -> Self {
        let mut reader = Reader::new(version, volatile);
        reader.has_begun = true;
        reader.read(logged).recording
    }

    /// What was committed of each revision of a run of many, each behind a mark of its own; first what no mark is before.
    pub(crate) fn of_many(
        logged: &[Logged],
        version: &VersionTable,
        volatile: &BTreeSet<String>,
    ) -> Vec<Vec<String>> {
        let mut reader = Reader::new(version, volatile);
        reader.is_of_many = true;
        reader.read(logged).by_mark
    }

    /// Every statement of the revision, in order.
    pub fn statements(&self) -> impl Iterator<Item = &String> {
        self.transactions
            .iter()
            .flat_map(|transaction| &transaction.statements)
    }
}

struct Reader<'a> {
    version: &'a VersionTable,
    volatile: &'a BTreeSet<String>,
    recording: Recording,
    sessions: BTreeMap<u32, Session>,
    has_begun: bool,
    /// Whether several revisions follow each other, so that what is open at a mark may be another revision's.
    is_of_many: bool,
    /// What was committed, by the number of marks before it.
    by_mark: Vec<Vec<String>>,
    marks: usize,
    /// The reads without their constants.
    shapes: BTreeSet<String>,
}

impl<'a> Reader<'a> {
    fn new(version: &'a VersionTable, volatile: &'a BTreeSet<String>) -> Self {
        Self {
            version,
            volatile,
            recording: Recording::default(),
            sessions: BTreeMap::new(),
            has_begun: false,
            is_of_many: false,
            by_mark: Vec::new(),
            marks: 0,
            shapes: BTreeSet::new(),
        }
    }

    fn read(mut self, logged: &[Logged]) -> Self {
        for one in logged {
            self.take(one);
        }
        self.by_mark.resize(self.marks + 1, Vec::new());
        self
    }

    /// Takes what was sent at once: usually one statement.
    fn take(&mut self, logged: &Logged) {
        let statements = match aludel_sql::split(&logged.text, None) {
            Ok(statements) => statements.into_iter().map(|one| one.text).collect(),
            Err(_) => vec![logged.text.clone()],
        };
        if let Some(failure) = &logged.failure {
            return self.failed(logged, &statements, failure);
        }
        let is_several = statements.len() > 1;
        let before = self.session(logged.session).open.is_none();
        let mut together = Vec::new();
        for statement in statements {
            let was_open = self.session(logged.session).open.is_some();
            match self.one(logged.session, &statement) {
                Some(kept) if !was_open => together.push((self.marks, kept)),
                Some(kept) => {
                    let marks = self.marks;
                    if let Some(open) = &mut self.session(logged.session).open {
                        open.statements.push((marks, kept));
                    }
                }
                None => {}
            }
        }
        if before && !together.is_empty() {
            // Several statements sent at once outside a transaction are one.
            self.commit(together, !is_several);
        }
    }

    fn session(&mut self, session: u32) -> &mut Session {
        self.sessions.entry(session).or_default()
    }

    /// Takes a statement that worked; returns it when it is to be kept.
    fn one(&mut self, session: u32, text: &str) -> Option<String> {
        match sort(text, self.version, self.volatile) {
            Sort::Begin => {
                self.session(session).open.get_or_insert_default();
            }
            Sort::Commit => self.end(session, true),
            Sort::Rollback => self.end(session, false),
            Sort::Savepoint(name) => {
                if let Some(open) = &mut self.session(session).open {
                    open.savepoints.push((name, open.statements.len()));
                }
            }
            Sort::RollbackTo(name) => {
                if let Some(open) = &mut self.session(session).open {
                    open.is_aborted = false;
                    let place = open
                        .savepoints
                        .iter()
                        .rposition(|(known, _)| *known == name);
                    if let Some(place) = place {
                        open.savepoints.truncate(place + 1);
                        open.statements.truncate(open.savepoints[place].1);
                    }
                }
            }
            Sort::Release(name) => {
                if let Some(open) = &mut self.session(session).open
                    && let Some(place) = open
                        .savepoints
                        .iter()
                        .rposition(|(known, _)| *known == name)
                {
                    open.savepoints.truncate(place);
                }
            }
            Sort::Mark => self.begin(session),
            Sort::Bookkeeping | Sort::Passing => {}
            Sort::Read { of_rows } => {
                if of_rows && self.has_begun && self.shapes.insert(shape(text)) {
                    self.recording.reads.push(text.to_owned());
                }
            }
            Sort::Setting if !self.has_begun => self.recording.settings.push(text.to_owned()),
            Sort::CopyIn => self.recording.unrecordable.push(text.to_owned()),
            Sort::Setting => return Some(in_any_database(text.to_owned())),
            Sort::Change => return Some(in_any_database(where_it_is(text, self.version))),
        }
        None
    }

    /// What is open when the revision begins was begun by `env.py`.
    fn begin(&mut self, session: u32) {
        if self.has_begun && self.recording.transactions.is_empty() {
            // What was tried before was rolled back, and is run anew.
            self.recording.swallowed.clear();
        }
        self.has_begun = true;
        self.marks += 1;
        if self.is_of_many {
            return;
        }
        let open = self.session(session).open.as_mut();
        let statements = open.map(|open| {
            open.savepoints.clear();
            std::mem::take(&mut open.statements)
        });
        if let Some(statements) = statements.filter(|statements| !statements.is_empty()) {
            self.recording.prologue.push(Transaction {
                statements: statements.into_iter().map(|(_, text)| text).collect(),
                is_autocommit: false,
            });
        }
    }

    fn failed(&mut self, logged: &Logged, statements: &[String], failure: &LoggedFailure) {
        for statement in statements {
            let sorted = sort(statement, self.version, self.volatile);
            if matches!(sorted, Sort::Commit) {
                // A commit that fails rolls back.
                self.end(logged.session, false);
            }
        }
        if let Some(open) = &mut self.session(logged.session).open {
            open.is_aborted = true;
        }
        // 25P02 only says that an earlier statement failed.
        if self.has_begun && failure.sqlstate != "25P02" {
            self.recording
                .swallowed
                .push((logged.text.clone(), failure.clone()));
        }
    }

    fn end(&mut self, session: u32, is_commit: bool) {
        let Some(open) = self.session(session).open.take() else {
            return;
        };
        if is_commit && !open.is_aborted && !open.statements.is_empty() {
            self.commit(open.statements, false);
        }
    }

    fn commit(&mut self, statements: Vec<(usize, String)>, is_autocommit: bool) {
        let mut transaction = Transaction {
            statements: Vec::with_capacity(statements.len()),
            is_autocommit,
        };
        self.by_mark.resize(self.marks + 1, Vec::new());
        for (marks, text) in statements {
            self.by_mark[marks].push(text.clone());
            transaction.statements.push(text);
        }
        if self.has_begun {
            self.recording.transactions.push(transaction);
        } else {
            self.recording.prologue.push(transaction);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(log: &[(u32, &str, Option<&str>)]) -> Recording {
        Recording::new(&logged(log), &VersionTable::default(), &BTreeSet::new())
    }

    fn logged(log: &[(u32, &str, Option<&str>)]) -> Vec<Logged> {
        log.iter()
            .map(|(session, text, sqlstate)| Logged {
                session: *session,
                text: (*text).to_owned(),
                failure: sqlstate.map(|sqlstate| LoggedFailure {
                    sqlstate: sqlstate.to_owned(),
                    ..LoggedFailure::default()
                }),
            })
            .collect()
    }

    const MARK: (u32, &str, Option<&str>) = (1, "SELECT 'aludel: the revision begins'", None);

    #[test]
    fn only_what_was_committed_is_kept() {
        let recording = record(&[
            (1, "CREATE SCHEMA IF NOT EXISTS app", None),
            (1, "BEGIN", None),
            MARK,
            (1, "CREATE TABLE a ()", None),
            (1, "SAVEPOINT s", None),
            (1, "CREATE TABLE b ()", None),
            (1, "DROP TABLE nothing", Some("42P01")),
            (1, "ROLLBACK TO SAVEPOINT s", None),
            (1, "CREATE TABLE c ()", None),
            (1, "INSERT INTO alembic_version VALUES ('x')", None),
            (1, "COMMIT", None),
            (1, "CREATE INDEX CONCURRENTLY i ON a (x)", None),
            (1, "BEGIN", None),
            (1, "CREATE TABLE d ()", None),
            (1, "ROLLBACK", None),
        ]);
        assert_eq!(recording.prologue.len(), 1);
        let kept: Vec<&String> = recording.statements().collect();
        assert_eq!(
            kept,
            [
                "CREATE TABLE a ()",
                "CREATE TABLE c ()",
                "CREATE INDEX CONCURRENTLY i ON a (x)"
            ]
        );
        assert!(recording.transactions[1].is_autocommit);
        assert_eq!(recording.swallowed.len(), 1);
    }

    #[test]
    fn what_one_session_does_is_not_anothers() {
        let recording = record(&[
            (1, "BEGIN", None),
            MARK,
            (2, "BEGIN", None),
            (2, "INSERT INTO t VALUES (1)", None),
            (1, "SELECT id FROM t", None),
            (2, "COMMIT", None),
            (1, "CREATE TABLE a ()", None),
            (1, "COMMIT", None),
        ]);
        let kept: Vec<&String> = recording.statements().collect();
        assert_eq!(kept, ["INSERT INTO t VALUES (1)", "CREATE TABLE a ()"]);
        assert_eq!(recording.reads, ["SELECT id FROM t"]);
    }

    #[test]
    fn what_one_transaction_holds_of_many_revisions_is_told_apart() {
        let logged = logged(&[
            (1, "BEGIN", None),
            (1, "CREATE SCHEMA app", None),
            MARK,
            (1, "CREATE TABLE a ()", None),
            (2, "CREATE TABLE aside ()", None),
            MARK,
            MARK,
            (1, "CREATE TABLE c ()", None),
            (1, "COMMIT", None),
        ]);
        let found = Recording::of_many(&logged, &VersionTable::default(), &BTreeSet::new());
        let wanted: [&[&str]; 4] = [
            &["CREATE SCHEMA app"],
            &["CREATE TABLE aside ()", "CREATE TABLE a ()"],
            &[],
            &["CREATE TABLE c ()"],
        ];
        assert_eq!(found, wanted);
    }
}
