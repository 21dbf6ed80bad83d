//! The plain way up and down: version rows, log rows, and what a failure leaves.

use aludel_runner::{Event, LossPolicy, RunError, Runner};

use crate::support::{File, Place};

fn shop(place: &Place) {
    place.write(
        &File::new("a1", &[], "CREATE TABLE users (id int PRIMARY KEY);").down("DROP TABLE users;"),
    );
    place.write(
        &File::new(
            "b2",
            &["a1"],
            "ALTER TABLE users ADD COLUMN name text;\nINSERT INTO users VALUES (1, 'x');",
        )
        .down("DELETE FROM users;\nALTER TABLE users DROP COLUMN name;"),
    );
}

#[tokio::test]
async fn up_down_and_up_again() {
    let place = Place::new().await;
    shop(&place);
    let (result, events) = place.upgrade("head").await;
    let outcome = result.unwrap();
    assert_eq!(outcome.after, ["b2"]);
    assert_eq!(outcome.revisions.len(), 2);
    assert_eq!(place.version_rows().await, ["b2"]);
    assert_eq!(
        place.log().await,
        ["a1 upgrade 1 1 done", "b2 upgrade 1 1 done"]
    );
    let told: Vec<_> = events
        .iter()
        .filter_map(|event| match event {
            Event::RevisionStarted {
                index,
                total,
                revision,
                message,
                ..
            } => Some(format!("{index}/{total} {revision} {message}")),
            _ => None,
        })
        .collect();
    assert_eq!(told, ["1/2 a1 about a1", "2/2 b2 about b2"]);
    place.downgrade("base", LossPolicy::Allow).await.unwrap();
    assert!(place.version_rows().await.is_empty());
    assert_eq!(place.scalar("SELECT to_regclass('users')").await, "");
    place.upgrade("head").await.0.unwrap();
    assert_eq!(place.version_rows().await, ["b2"]);
    assert_eq!(place.log().await.len(), 6);
}

#[tokio::test]
async fn the_version_table_is_alembics() {
    let place = Place::new().await;
    shop(&place);
    place.upgrade("+1").await.0.unwrap();
    let shape = "SELECT a.attname, format_type(a.atttypid, a.atttypmod), a.attnotnull, c.conname, c.contype \
                 FROM pg_attribute a JOIN pg_constraint c ON c.conrelid = a.attrelid AND c.contype = 'p' \
                 WHERE a.attrelid = 'public.alembic_version'::regclass AND a.attnum > 0";
    assert_eq!(
        place.rows(shape).await,
        ["version_num character varying(32) t alembic_version_pkc p"]
    );
    assert_eq!(place.version_rows().await, ["a1"]);
}

#[tokio::test]
async fn reading_creates_nothing() {
    let place = Place::new().await;
    shop(&place);
    let history = place.history();
    let runner = Runner::new(&place.session, &history, place.settings.clone());
    assert!(runner.current().await.unwrap().is_empty());
    assert!(!runner.state().await.unwrap().facts.version_exists);
    let relations = "SELECT count(*) FROM pg_class WHERE relnamespace::regnamespace::text !~ '^pg_|information_schema'";
    assert_eq!(place.scalar(relations).await, "0");
    assert_eq!(place.scalar("SELECT to_regnamespace('aludel')").await, "");
}

#[tokio::test]
async fn a_failure_rolls_back_its_revision_and_keeps_the_ones_before() {
    let place = Place::new().await;
    shop(&place);
    place.write(&File::new(
        "c3",
        &["b2"],
        "CREATE TABLE half (id int);\n\n-- a comment\nINSERT INTO users\n  VALUES (1, 'again');\nSELECT 1;",
    ));
    let (result, _) = place.upgrade("head").await;
    let RunError::Statement(failure) = result.unwrap_err() else {
        panic!()
    };
    assert_eq!(failure.revision.as_str(), "c3");
    assert_eq!(
        failure.statement,
        "INSERT INTO users\n  VALUES (1, 'again')"
    );
    assert_eq!(failure.origin.line, 10);
    assert_eq!(failure.error.sqlstate, "23505");
    assert_eq!(
        failure.error.detail.as_deref(),
        Some("Key (id)=(1) already exists.")
    );
    assert_eq!(failure.standing.version_rows, ["b2"]);
    assert_eq!((failure.standing.finished, failure.standing.total), (2, 3));
    assert_eq!(place.version_rows().await, ["b2"]);
    assert_eq!(place.scalar("SELECT to_regclass('half')").await, "");
    assert_eq!(place.log().await.len(), 2);
}

#[tokio::test]
async fn the_server_points_at_the_line() {
    let place = Place::new().await;
    place.write(&File::new(
        "a1",
        &[],
        "CREATE TABLE t (\n  id int,\n  other nowhere\n);",
    ));
    let (result, _) = place.upgrade("head").await;
    let RunError::Statement(failure) = result.unwrap_err() else {
        panic!()
    };
    assert_eq!((failure.origin.line, failure.line), (7, Some(9)));
}

#[tokio::test]
async fn a_first_revision_that_fails_leaves_nothing() {
    let place = Place::new().await;
    place.write(&File::new(
        "a1",
        &[],
        "CREATE TABLE t (id int); SELECT 1/0;",
    ));
    let (result, _) = place.upgrade("head").await;
    assert!(matches!(result, Err(RunError::Statement(_))));
    assert_eq!(
        place.scalar("SELECT to_regclass('alembic_version')").await,
        ""
    );
    assert_eq!(place.scalar("SELECT to_regnamespace('aludel')").await, "");
    assert_eq!(
        place
            .scalar("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'")
            .await,
        "0"
    );
}

#[tokio::test]
async fn a_constraint_may_fail_at_the_commit() {
    let place = Place::new().await;
    place.write(&File::new(
        "a1",
        &[],
        "CREATE TABLE p (id int PRIMARY KEY);\nCREATE TABLE c (p int REFERENCES p DEFERRABLE INITIALLY DEFERRED);\nINSERT INTO c VALUES (7);",
    ));
    let (result, _) = place.upgrade("head").await;
    let RunError::Statement(failure) = result.unwrap_err() else {
        panic!()
    };
    assert_eq!(failure.statement, "COMMIT");
    assert_eq!(failure.error.sqlstate, "23503");
    assert_eq!(place.scalar("SELECT to_regclass('p')").await, "");
}

#[tokio::test]
async fn branches_have_a_row_each_and_a_merge_joins_them() {
    let place = Place::new().await;
    place.write(&File::new("a1", &[], ""));
    place.write(&File::new("b1", &["a1"], "CREATE TABLE b (id int);"));
    place.write(&File::new("b2", &["a1"], "CREATE TABLE c (id int);"));
    place.upgrade("heads").await.0.unwrap();
    assert_eq!(place.version_rows().await, ["b1", "b2"]);
    place.write(&File::new("m1", &["b1", "b2"], ""));
    place.upgrade("head").await.0.unwrap();
    assert_eq!(place.version_rows().await, ["m1"]);
    place.downgrade("-1", LossPolicy::Allow).await.unwrap();
    assert_eq!(place.version_rows().await, ["b1", "b2"]);
}

#[tokio::test]
async fn segments_commit_one_by_one_and_a_mended_file_goes_on() {
    let place = Place::new().await;
    let first = "ALTER TYPE mood ADD VALUE 'glad';\n-- aludel: commit\n";
    place.write(&File::new(
        "a1",
        &[],
        "CREATE TYPE mood AS ENUM ('sad');\nCREATE TABLE t (m mood);",
    ));
    let broken = format!("{first}INSERT INTO t VALUES ('glad');\nINSERT INTO t VALUES ('angry');");
    place.write(&File::new("b2", &["a1"], &broken));
    let RunError::Statement(failure) = place.upgrade("head").await.0.unwrap_err() else {
        panic!()
    };
    let partly = failure.standing.partly.clone().unwrap();
    assert_eq!((partly.done, partly.segments), (1, 2));
    assert_eq!(place.version_rows().await, ["a1"]);
    assert_eq!(
        place.log().await,
        ["a1 upgrade 1 1 done", "b2 upgrade 1 2 done"]
    );
    let mended = format!("{first}INSERT INTO t VALUES ('glad');");
    place.write(&File::new("b2", &["a1"], &mended));
    let (result, events) = place.upgrade("head").await;
    result.unwrap();
    assert!(events.iter().any(|event| matches!(
        event,
        Event::Resumed {
            done: 1,
            segments: 2,
            ..
        }
    )));
    assert_eq!(place.version_rows().await, ["b2"]);
    assert_eq!(place.scalar("SELECT count(*) FROM t").await, "1");
}

#[tokio::test]
async fn a_segment_that_was_run_must_not_change() {
    let place = Place::new().await;
    let text = "CREATE TABLE t (id int);\n-- aludel: commit\nSELECT 1/0;";
    place.write(&File::new("a1", &[], text));
    assert!(place.upgrade("head").await.0.is_err());
    place.write(&File::new(
        "a1",
        &[],
        &text.replace("id int", "id bigint").replace("1/0", "1"),
    ));
    let (result, _) = place.upgrade("head").await;
    assert!(
        matches!(result, Err(RunError::SegmentChanged { segment: 1, .. })),
        "{result:?}"
    );
}

#[tokio::test]
async fn an_edited_file_is_told() {
    let place = Place::new().await;
    shop(&place);
    place.upgrade("head").await.0.unwrap();
    let text = std::fs::read_to_string(place.path("a1")).unwrap();
    std::fs::write(place.path("a1"), text.replace('\n', "\r\n")).unwrap();
    let told = |events: &[Event]| {
        let differs = |event: &&Event| matches!(event, Event::ChecksumDiffers { .. });
        events.iter().filter(differs).count()
    };
    assert_eq!(
        told(&place.upgrade("head").await.1),
        0,
        "line ends do not count"
    );
    std::fs::write(place.path("a1"), format!("{text}-- more\n")).unwrap();
    let (result, events) = place.upgrade("head").await;
    result.unwrap();
    assert_eq!(told(&events), 1);
}

#[tokio::test]
async fn long_segments_are_sent_ahead_in_order() {
    let place = Place::new().await;
    let mut script = String::from("CREATE TABLE t (id int);\n");
    for id in 0..500 {
        script.push_str(&format!("INSERT INTO t VALUES ({id});\n"));
    }
    place.write(&File::new("a1", &[], &script));
    let (result, events) = place.upgrade("head").await;
    result.unwrap();
    assert_eq!(place.scalar("SELECT count(*) FROM t").await, "500");
    let finished = events
        .iter()
        .filter(|event| matches!(event, Event::StatementFinished { .. }));
    assert_eq!(finished.count(), 501);
}

#[tokio::test]
async fn odd_names_and_a_schema_of_its_own() {
    let mut place = Place::new().await;
    place.settings.search_path = "\"My Schema\", public".to_owned();
    place.settings.version_table = "Versions \"🧪\"".to_owned();
    place.write(&File::new(
        "a1",
        &[],
        "CREATE SCHEMA \"My Schema\";\nCREATE TABLE \"My Schema\".\"Weird \"\"Table\"\" 🧪\" (id int);",
    ));
    place.upgrade("head").await.0.unwrap();
    let stands = "SELECT version_num FROM \"My Schema\".\"Versions \"\"🧪\"\"\"";
    assert_eq!(place.rows(stands).await, ["a1"]);
    assert!(place.upgrade("head").await.0.unwrap().revisions.is_empty());
    let table = place.scalar("SELECT version_table FROM aludel.log").await;
    assert_eq!(table, "\"My Schema\".\"Versions \"\"🧪\"\"\"");
}

#[tokio::test]
async fn notices_are_passed_on() {
    let place = Place::new().await;
    place.write(&File::new("a1", &[], "DROP VIEW IF EXISTS nothing_there;"));
    let (result, events) = place.upgrade("head").await;
    result.unwrap();
    assert!(events.iter().any(
        |event| matches!(event, Event::Notice { message, .. } if message.contains("nothing_there"))
    ));
}
