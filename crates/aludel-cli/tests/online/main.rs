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

/// What stands before every recipe; every table has rows.
const BASE: &str = "
CREATE DOMAIN d AS int;
CREATE TABLE r (id int PRIMARY KEY);
CREATE TABLE t (id int NOT NULL, a int, b text, r_id int, x d);
CREATE INDEX t_b ON t (b);
ALTER TABLE t ADD CONSTRAINT t_a_key UNIQUE (a);
CREATE TABLE p (id int NOT NULL, k int NOT NULL, r_id int, b text) PARTITION BY RANGE (k);
CREATE TABLE p1 PARTITION OF p FOR VALUES FROM (0) TO (10);
CREATE TABLE p2 PARTITION OF p FOR VALUES FROM (10) TO (20) PARTITION BY LIST (id);
CREATE TABLE p2_a PARTITION OF p2 FOR VALUES IN (1, 2, 3);
CREATE TABLE p3 (id int NOT NULL, k int NOT NULL, r_id int, b text);
CREATE INDEX p_k ON p (k); CREATE INDEX p3_k ON p3 (k);
CREATE TABLE q (id int, k int) PARTITION BY RANGE (k);
CREATE TABLE q_rest PARTITION OF q DEFAULT;
";

const ROWS: &str = "
INSERT INTO r SELECT generate_series(1, 3);
INSERT INTO t SELECT n, n, 'b' || n, n % 3 + 1, n FROM generate_series(1, 500) AS n;
INSERT INTO p SELECT 1 + n % 3, n, 1 + n % 3, 'b' FROM generate_series(1, 19) AS n;
INSERT INTO p3 VALUES (1, 20, 1, 'b');
INSERT INTO q VALUES (1, 1);
";

/// A name, what makes the desired schema of the base, and how many steps run outside any transaction.
const RECIPES: [(&str, &str, usize); 20] = [
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
        "index of a partitioned table",
        "CREATE INDEX p_b ON p (b)",
        2,
    ),
    (
        "primary key of a partitioned table",
        "ALTER TABLE p ADD PRIMARY KEY (id, k)",
        2,
    ),
    (
        "unique of a partitioned table",
        "ALTER TABLE p ADD UNIQUE (k, id) INCLUDE (b) DEFERRABLE",
        2,
    ),
    (
        "foreign key of a partitioned table",
        "ALTER TABLE p ADD FOREIGN KEY (r_id) REFERENCES r",
        0,
    ),
    (
        "new partitions",
        "CREATE TABLE p4 PARTITION OF p FOR VALUES FROM (40) TO (50); CREATE TABLE q1 PARTITION OF q FOR VALUES FROM (5) TO (9)",
        0,
    ),
    ("partition that goes", "DROP TABLE p1", 1),
    (
        "partition that leaves",
        "ALTER TABLE p DETACH PARTITION p1",
        1,
    ),
    (
        "table that joins",
        "ALTER TABLE p ATTACH PARTITION p3 FOR VALUES FROM (20) TO (30)",
        0,
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
            } else if sql.contains(" ATTACH PARTITION ") {
                scans_nothing(&session, sql).await;
                locks_inside(&session, sql).await
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

/// The relations that a statement's lock is about: tables, and for one about an index also indexes.
async fn relations(session: &Session, sql: &str) -> BTreeSet<String> {
    let kinds = if sql.starts_with("ALTER INDEX") {
        "'r', 'p', 'i', 'I'"
    } else {
        "'r', 'p'"
    };
    // Of these, others are locked too: the new partition, its index and the default partition, of which no row is looked
    // at, and both sides of a foreign key that takes over those of partitions, for a moment.
    let alone = sql.contains(" ATTACH PARTITION ")
        || sql.starts_with("ALTER TABLE public.p ADD ") && sql.contains(" FOREIGN KEY ");
    let named = alone.then(|| sql.split(['.', ' ']).nth(3).unwrap());
    let about = named.map_or(String::new(), |name| format!("AND relname = '{name}'"));
    let there = format!(
        "SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace AND relkind IN ({kinds}) {about}"
    );
    let there = session.rows(&there).await.unwrap();
    there.iter().map(|row| row.text(0).to_owned()).collect()
}

/// The locks on those that a session holds or waits for.
async fn held(session: &Session, pid: &str, there: &BTreeSet<String>) -> BTreeSet<String> {
    let locks =
        format!("SELECT mode, relation FROM pg_locks WHERE locktype = 'relation' AND pid = {pid}");
    let rows = session.rows(&locks).await.unwrap();
    let rows = rows.iter().filter(|row| there.contains(row.text(1)));
    rows.map(|row| row.text(0).to_owned()).collect()
}

async fn locks_inside(session: &Session, sql: &str) -> BTreeSet<String> {
    let there = relations(session, sql).await;
    session.execute("BEGIN").await.unwrap();
    session.execute(sql).await.unwrap();
    let locks = held(session, "pg_backend_pid()", &there).await;
    session.execute("COMMIT").await.unwrap();
    locks
}

/// ATTACH looks at no row: what PostgreSQL counts as it reads a table stays the same.
async fn scans_nothing(session: &Session, sql: &str) {
    let scans = "SELECT coalesce(sum(seq_scan), 0) FROM pg_stat_xact_user_tables \
                 WHERE relname IN ('p3', 'q_rest')";
    session.execute("BEGIN").await.unwrap();
    let before = session.scalar(scans).await.unwrap();
    session.execute(sql).await.unwrap();
    let after = session.scalar(scans).await.unwrap();
    session.execute("ROLLBACK").await.unwrap();
    assert_eq!(before, after, "{sql}");
}

/// A writer keeps the statement waiting until its locks are read.
async fn locks_outside(url: &DatabaseUrl, sql: &str) -> BTreeSet<String> {
    let (writer, runner, watcher) = (connect(url).await, connect(url).await, connect(url).await);
    let pid = runner.scalar("SELECT pg_backend_pid()").await.unwrap();
    let (pid, there) = (pid.unwrap(), relations(&watcher, sql).await);
    // DETACH gives its lock up before it waits for writers.
    let hold = if sql.contains(" DETACH PARTITION ") {
        "BEGIN; LOCK TABLE p IN SHARE UPDATE EXCLUSIVE MODE"
    } else {
        "BEGIN; UPDATE t SET b = b WHERE id = 1; UPDATE p SET b = b"
    };
    writer.execute(hold).await.unwrap();
    let watch = async {
        let waits = format!("SELECT 1 FROM pg_locks WHERE pid = {pid} AND NOT granted");
        while watcher.scalar(&waits).await.unwrap().is_none() {
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        let locks = held(&watcher, &pid, &there).await;
        writer.execute("COMMIT").await.unwrap();
        locks
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
