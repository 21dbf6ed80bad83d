//! The online recipes: each step takes the lock that it says, and rows that are there survive the way.
//!
//! A recipe is run step by step as `diff --online --format json` writes it. Of a step in a transaction the locks are
//! read before it commits; one outside any transaction is held up by a writer, and its locks are read meanwhile.
#![expect(clippy::unwrap_used, reason = "tests fail loudly")]

use std::collections::BTreeSet;
use std::process::Command;
use std::time::Duration;

use aludel_postgres::{
    ConnectOptions, DatabaseUrl, EngineChoice, Scratch, ScratchOptions, Session, default_cache_dir,
    install,
};
use serde_json::Value;

/// What stands before every recipe; `t` has rows.
const BASE: &str = "
CREATE DOMAIN d AS int;
CREATE TABLE r (id int PRIMARY KEY);
CREATE TABLE t (id int NOT NULL, a int, b text, r_id int, x d);
CREATE INDEX t_b ON t (b);
ALTER TABLE t ADD CONSTRAINT t_a_key UNIQUE (a);
";

const ROWS: &str = "
INSERT INTO r SELECT generate_series(1, 3);
INSERT INTO t SELECT n, n, 'b' || n, n % 3 + 1, n FROM generate_series(1, 500) AS n;
";

/// A name, what makes the desired schema of the base, and how many steps run outside any transaction.
const RECIPES: [(&str, &str, usize); 12] = [
    ("index", "CREATE INDEX t_n ON t (lower(b))", 1),
    ("dropped index", "DROP INDEX t_b", 1),
    (
        "replaced index",
        "DROP INDEX t_b; CREATE INDEX t_b ON t (b, a); ALTER TABLE t CLUSTER ON t_b; COMMENT ON INDEX t_b IS 'both'",
        1,
    ),
    ("unique", "ALTER TABLE t ADD UNIQUE (id) INCLUDE (b)", 1),
    (
        "replaced unique",
        "ALTER TABLE t DROP CONSTRAINT t_a_key; ALTER TABLE t ADD CONSTRAINT t_a_key UNIQUE (a, b) DEFERRABLE",
        1,
    ),
    ("primary key", "ALTER TABLE t ADD PRIMARY KEY (id)", 1),
    ("check", "ALTER TABLE t ADD CHECK (a > 0)", 0),
    (
        "foreign key",
        "ALTER TABLE t ADD FOREIGN KEY (r_id) REFERENCES r",
        0,
    ),
    ("not null", "ALTER TABLE t ALTER b SET NOT NULL", 0),
    ("domain", "ALTER DOMAIN d ADD CHECK (VALUE > 0)", 0),
    (
        "default that differs by row",
        "ALTER TABLE t ADD u uuid NOT NULL DEFAULT gen_random_uuid(), ADD s bigserial",
        2,
    ),
    (
        "what has no online form",
        "ALTER TABLE t ALTER a TYPE bigint, ADD EXCLUDE USING btree (id WITH =)",
        0,
    ),
];

#[tokio::test]
async fn locks_are_those_said() {
    recipes(None).await;
}

#[tokio::test]
async fn locks_are_those_said_on_the_newest_major() {
    recipes(Some(18)).await;
}

async fn recipes(major: Option<u32>) {
    if let Some(major) = major {
        install(Some(major), &default_cache_dir(), &mut |_| ()).unwrap();
    }
    let options = ScratchOptions {
        engine: EngineChoice::Native,
        major,
        ..ScratchOptions::default()
    };
    let scratch = Scratch::start(&options).await.unwrap();
    for (name, change, outside) in RECIPES {
        let (current, desired) = (
            scratch.database().await.unwrap(),
            scratch.database().await.unwrap(),
        );
        let session = connect(current.url()).await;
        session.execute(&format!("{BASE}{ROWS}")).await.unwrap();
        let other = connect(desired.url()).await;
        other.execute(&format!("{BASE}{change}")).await.unwrap();
        let steps = steps(current.url(), desired.url());
        let mut alone = 0;
        for step in &steps {
            alone += usize::from(step["transaction"] == "none");
            let sql = step["sql"].as_str().unwrap();
            let taken = if step["transaction"] == "none" {
                locks_outside(current.url(), sql).await
            } else {
                locks_inside(&session, sql).await
            };
            assert_eq!(strongest(&taken), step["lock"], "{name}: {sql}: {taken:?}");
        }
        assert_eq!(alone, outside, "{name}: {steps:#?}");
        assert!(steps_left(current.url(), desired.url()), "{name}");
        let kept = session.scalar("SELECT count(*), max(id) FROM t").await;
        assert_eq!(kept.unwrap().as_deref(), Some("500"), "{name}");
    }
    scratch.stop().await.unwrap();
}

async fn connect(url: &DatabaseUrl) -> Session {
    Session::connect(url, &ConnectOptions::default())
        .await
        .unwrap()
}

fn steps(current: &DatabaseUrl, desired: &DatabaseUrl) -> Vec<Value> {
    let output = Command::new(env!("CARGO_BIN_EXE_aludel"))
        .args(["--format", "json", "diff", "--online"])
        .args(["--from", &current.to_connection_string()])
        .args(["--to", &desired.to_connection_string()])
        .output()
        .unwrap();
    let answer: Value = serde_json::from_slice(&output.stdout).unwrap();
    answer["steps"].as_array().unwrap().clone()
}

/// Returns whether nothing is left to do.
fn steps_left(current: &DatabaseUrl, desired: &DatabaseUrl) -> bool {
    steps(current, desired).is_empty()
}

/// The locks on tables that a session holds, and for a statement about an index those on indexes; on what was there before
/// it only.
fn held(pid: &str, sql: &str) -> String {
    let kinds = if sql.starts_with("ALTER INDEX") {
        "'r', 'p', 'i'"
    } else {
        "'r', 'p'"
    };
    format!(
        "SELECT l.mode, c.relname FROM pg_locks l JOIN pg_class c ON c.oid = l.relation \
         JOIN pg_namespace n ON n.oid = c.relnamespace \
         WHERE l.locktype = 'relation' AND l.pid = {pid} AND l.granted AND n.nspname = 'public' AND c.relkind IN ({kinds})"
    )
}

async fn locks_inside(session: &Session, sql: &str) -> BTreeSet<String> {
    session.execute("BEGIN").await.unwrap();
    session.execute(sql).await.unwrap();
    let rows = session.rows(&held("pg_backend_pid()", sql)).await.unwrap();
    session.execute("COMMIT").await.unwrap();
    rows.iter().map(|row| row.text(0).to_owned()).collect()
}

/// A writer keeps the statement waiting until its locks are read.
async fn locks_outside(url: &DatabaseUrl, sql: &str) -> BTreeSet<String> {
    let (writer, runner, watcher) = (connect(url).await, connect(url).await, connect(url).await);
    let pid = runner.scalar("SELECT pg_backend_pid()").await.unwrap();
    let pid = pid.unwrap();
    let hold = "BEGIN; UPDATE t SET b = b WHERE id = 1";
    writer.execute(hold).await.unwrap();
    let watch = async {
        let waits = format!("SELECT 1 FROM pg_locks WHERE pid = {pid} AND NOT granted");
        while watcher.scalar(&waits).await.unwrap().is_none() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        let rows = watcher.rows(&held(&pid, sql)).await.unwrap();
        writer.execute("COMMIT").await.unwrap();
        rows.iter().map(|row| row.text(0).to_owned()).collect()
    };
    let (ran, locks) = tokio::join!(runner.execute(sql), watch);
    ran.unwrap();
    locks
}

/// The strongest of the locks, in SQL's words.
fn strongest(taken: &BTreeSet<String>) -> Value {
    let order = [
        ("AccessExclusiveLock", "ACCESS EXCLUSIVE"),
        ("ExclusiveLock", "EXCLUSIVE"),
        ("ShareRowExclusiveLock", "SHARE ROW EXCLUSIVE"),
        ("ShareLock", "SHARE"),
        ("ShareUpdateExclusiveLock", "SHARE UPDATE EXCLUSIVE"),
        ("RowExclusiveLock", "ROW EXCLUSIVE"),
        ("RowShareLock", "ROW SHARE"),
        ("AccessShareLock", "ACCESS SHARE"),
    ];
    let found = order.iter().find(|(mode, _)| taken.contains(*mode));
    found.map_or(Value::Null, |(_, words)| Value::from(*words))
}
