//! A second connection that looks who blocks the first one.

use std::time::{Duration, Instant};

use aludel_postgres::{ConnectOptions, Session};

use crate::event::OtherSession;
use crate::lock::{OTHER_SESSION, other_session};

/// How often a waiting statement is looked at.
pub(crate) const TICK: Duration = Duration::from_secs(1);

/// Looks who blocks a session; connects when first asked and gives up silently when it cannot.
#[derive(Debug, Default)]
pub(crate) struct Watcher {
    pid: Option<String>,
    second: Option<Session>,
    off: bool,
}

impl Watcher {
    pub(crate) fn new(enabled: bool) -> Self {
        Self {
            off: !enabled,
            ..Self::default()
        }
    }

    /// Remembers whom to look after; called while the first session is free.
    pub(crate) async fn begin(&mut self, session: &Session) {
        if !self.off && self.pid.is_none() {
            let pid = session.scalar("SELECT pg_catalog.pg_backend_pid()").await;
            self.pid = pid.ok().flatten();
        }
    }

    /// Returns the sessions that hold what the first one waits for.
    pub(crate) async fn blockers(&mut self, session: &Session) -> Vec<OtherSession> {
        let Some(pid) = self.pid.clone().filter(|_| !self.off) else {
            return Vec::new();
        };
        if self.second.is_none() {
            let options = ConnectOptions {
                application_name: "aludel watch".to_owned(),
                connect_timeout: Duration::from_secs(2),
                settings: vec![("statement_timeout".to_owned(), "2s".to_owned())],
                ..ConnectOptions::default()
            };
            self.second = Session::connect(session.url(), &options).await.ok();
        }
        let Some(second) = &self.second else {
            self.off = true;
            return Vec::new();
        };
        let query = format!(
            "SELECT {OTHER_SESSION} FROM pg_catalog.pg_stat_activity AS activity \
             WHERE activity.pid = ANY (pg_catalog.pg_blocking_pids({pid})) ORDER BY activity.pid"
        );
        match second.rows(&query).await {
            Ok(rows) => rows.iter().map(other_session).collect(),
            Err(_) => Vec::new(),
        }
    }
}

/// How long a statement has been waiting for others, added up over its phases.
#[derive(Debug)]
pub(crate) struct Waiting {
    pub(crate) total: Duration,
    last_look: Instant,
    told: Option<Instant>,
    pub(crate) last: Vec<OtherSession>,
    /// The statement was cancelled for it.
    pub(crate) gave_up: bool,
}

impl Waiting {
    pub(crate) fn new() -> Self {
        Self {
            total: Duration::ZERO,
            last_look: Instant::now(),
            told: None,
            last: Vec::new(),
            gave_up: false,
        }
    }

    /// Takes note of a look; returns whether it is worth telling.
    pub(crate) fn note(&mut self, blockers: Vec<OtherSession>) -> bool {
        let since = self.last_look.elapsed();
        self.last_look = Instant::now();
        if blockers.is_empty() {
            return false;
        }
        self.total += since;
        let pids = |sessions: &[OtherSession]| {
            sessions
                .iter()
                .map(|session| session.pid)
                .collect::<Vec<_>>()
        };
        let is_news = pids(&self.last) != pids(&blockers)
            || self
                .told
                .is_none_or(|told| told.elapsed() >= Duration::from_secs(10));
        self.last = blockers;
        if is_news {
            self.told = Some(Instant::now());
        }
        is_news
    }
}
