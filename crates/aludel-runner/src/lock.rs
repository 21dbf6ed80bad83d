//! The one advisory lock per (database, version table), and who holds it.
//!
//! It is polled with `pg_try_advisory_lock` and never waited for inside PostgreSQL: a session that blocks in
//! `pg_advisory_lock` holds a snapshot, and `CREATE INDEX CONCURRENTLY` of the holder waits for that snapshot.

use std::time::{Duration, Instant};

use aludel_postgres::{Row, Session, StatementError};
use sha2::{Digest as _, Sha256};

use crate::cancel::Cancelled;
use crate::error::RunError;
use crate::event::{Event, Events, OtherSession};
use crate::state::{State, VersionTable, state_query};

/// How long the holder is not mentioned again.
const REMINDER: Duration = Duration::from_secs(10);

/// Columns of `pg_stat_activity` that make an [`OtherSession`]; the alias is `activity`.
pub(crate) const OTHER_SESSION: &str = "activity.pid, coalesce(activity.usename, ''), coalesce(activity.application_name, ''), \
     coalesce(pg_catalog.host(activity.client_addr), ''), coalesce(activity.state, ''), \
     coalesce(extract(epoch FROM pg_catalog.clock_timestamp() - coalesce(activity.xact_start, activity.backend_start))::bigint, 0), \
     pg_catalog.left(pg_catalog.regexp_replace(coalesce(activity.query, ''), '\\s+', ' ', 'g'), 200)";

/// The key of a version table's lock; the database is part of every advisory lock already.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) struct LockKey(pub(crate) i64);

impl LockKey {
    pub(crate) fn of(table: &VersionTable) -> Self {
        let digest = Sha256::digest(format!("aludel:{}", table.qualified()));
        let mut bytes = [0_u8; 8];
        bytes.copy_from_slice(&digest[..8]);
        Self(i64::from_be_bytes(bytes))
    }

    /// The two halves as `pg_locks` shows them.
    fn halves(self) -> (u64, u64) {
        let key = self.0.cast_unsigned();
        (key >> 32, key & u64::from(u32::MAX))
    }

    fn holder_query(self) -> String {
        let (high, low) = self.halves();
        format!(
            "SELECT {OTHER_SESSION} FROM pg_catalog.pg_locks AS locks \
             JOIN pg_catalog.pg_stat_activity AS activity ON activity.pid = locks.pid \
             WHERE locks.locktype = 'advisory' AND locks.granted AND locks.objsubid = 1 \
             AND locks.classid = {high} AND locks.objid = {low} AND locks.database = \
             (SELECT oid FROM pg_catalog.pg_database WHERE datname = pg_catalog.current_database())"
        )
    }
}

/// Reads an [`OtherSession`] from a row of [`OTHER_SESSION`].
pub(crate) fn other_session(row: &Row) -> OtherSession {
    OtherSession {
        pid: row.text(0).parse().unwrap_or(0),
        user: row.text(1).to_owned(),
        application: row.text(2).to_owned(),
        client: row.text(3).to_owned(),
        state: row.text(4).to_owned(),
        since: Duration::from_secs(row.text(5).parse().unwrap_or(0)),
        query: row.text(6).to_owned(),
    }
}

/// Takes the lock, waiting at most `limit`, and returns the state read under it, in the same round trip.
pub(crate) async fn acquire(
    session: &Session,
    table: &VersionTable,
    limit: Duration,
    cancelled: &Cancelled,
    events: &mut Events<'_>,
) -> Result<State, RunError> {
    let key = LockKey::of(table);
    let attempt = format!(
        "SELECT pg_catalog.pg_try_advisory_lock({}); {}",
        key.0,
        state_query(table)
    );
    let began = Instant::now();
    let mut told: Option<(Option<OtherSession>, Instant)> = None;
    let mut pause = Duration::from_millis(50);
    loop {
        let sets = session
            .row_sets(&attempt)
            .await
            .map_err(RunError::reading)?;
        if let [answer, state] = sets.as_slice()
            && answer.first().is_some_and(|row| row.text(0) == "t")
        {
            return Ok(State::decode(state));
        }
        let holder = holder(session, key).await.map_err(RunError::reading)?;
        let waited = began.elapsed();
        if cancelled.is_set() {
            return Err(RunError::CancelledWaiting);
        }
        if waited >= limit {
            return Err(RunError::LockBusy {
                holder: holder.map(Box::new),
                waited,
            });
        }
        let is_news = told.as_ref().is_none_or(|(last, at)| {
            last.as_ref().map(|session| session.pid) != holder.as_ref().map(|session| session.pid)
                || at.elapsed() >= REMINDER
        });
        if is_news {
            events(&Event::WaitingForLock {
                holder: holder.clone(),
                waited,
            });
            told = Some((holder, Instant::now()));
        }
        tokio::time::sleep(pause.min(limit.saturating_sub(waited))).await;
        pause = (pause * 2).min(Duration::from_secs(1));
    }
}

/// Gives the lock back. A lost connection has given it back already.
pub(crate) async fn release(session: &Session, table: &VersionTable) -> Result<(), StatementError> {
    let key = LockKey::of(table).0;
    session
        .execute(&format!("SELECT pg_catalog.pg_advisory_unlock({key})"))
        .await
}

async fn holder(session: &Session, key: LockKey) -> Result<Option<OtherSession>, StatementError> {
    let rows = session.rows(&key.holder_query()).await?;
    Ok(rows.first().map(other_session))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_version_table_has_its_own_key() {
        let table = |schema: &str| VersionTable {
            schema: schema.to_owned(),
            name: "alembic_version".to_owned(),
            id_length: 32,
        };
        let one = LockKey::of(&table("tenant_a"));
        assert_eq!(one, LockKey::of(&table("tenant_a")));
        assert_ne!(one, LockKey::of(&table("tenant_b")));
    }
}
