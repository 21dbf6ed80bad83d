//! Statements outside a transaction: done, failed, lost, half-made.

use std::time::Duration;

use aludel_runner::{Doubtful, Event, LossPolicy, RunError};

use crate::support::{File, Place};

async fn table(place: &Place, rows: &str) {
    let script = format!("CREATE TABLE t (id int, name text); INSERT INTO t VALUES {rows}");
    place.session.execute(&script).await.unwrap();
}

fn valid() -> &'static str {
    "SELECT indexrelid::regclass, indisvalid FROM pg_index WHERE indrelid = 't'::regclass"
}

#[tokio::test]
async fn an_index_is_made_and_taken_back_concurrently() {
    let place = Place::new().await;
    table(&place, "(1, 'a')").await;
    place.write(
        &File::new(
            "a1",
            &[],
            "CREATE INDEX CONCURRENTLY ix ON t (id);\nINSERT INTO t VALUES (2, 'b');",
        )
        .down("DROP INDEX CONCURRENTLY ix;"),
    );
    place.upgrade("head").await.0.unwrap();
    assert_eq!(place.rows(valid()).await, ["ix t"]);
    assert_eq!(
        place.log().await,
        [
            "a1 upgrade 1 2 started",
            "a1 upgrade 1 2 done",
            "a1 upgrade 2 2 done"
        ]
    );
    place.downgrade("base", LossPolicy::Refuse).await.unwrap();
    assert!(place.rows(valid()).await.is_empty());
}

#[tokio::test]
async fn what_a_failed_index_left_is_removed_first() {
    let place = Place::new().await;
    table(&place, "(1, 'a'), (1, 'b')").await;
    place.write(&File::new(
        "a1",
        &[],
        "CREATE UNIQUE INDEX CONCURRENTLY ux ON t (id);",
    ));
    let RunError::Statement(failure) = place.upgrade("head").await.0.unwrap_err() else {
        panic!()
    };
    assert_eq!(failure.error.sqlstate, "23505");
    assert_eq!(place.rows(valid()).await, ["ux f"]);
    assert_eq!(
        place.log().await,
        ["a1 upgrade 1 1 started", "a1 upgrade 1 1 failed"]
    );
    place
        .session
        .execute("DELETE FROM t WHERE name = 'b'")
        .await
        .unwrap();
    let (result, events) = place.upgrade("head").await;
    result.unwrap();
    let removed = Event::DebrisRemoved {
        revision: aludel_revision::RevisionId::new("a1").unwrap(),
        statement: "DROP INDEX CONCURRENTLY ux".to_owned(),
    };
    assert!(events.contains(&removed), "{events:?}");
    assert_eq!(place.rows(valid()).await, ["ux t"]);
    assert_eq!(place.version_rows().await, ["a1"]);
}

#[tokio::test]
async fn a_strangers_invalid_index_is_not_ours_to_remove() {
    let place = Place::new().await;
    table(&place, "(1, 'a'), (1, 'b')").await;
    assert!(
        place
            .session
            .execute("CREATE UNIQUE INDEX CONCURRENTLY ux ON t (id)")
            .await
            .is_err()
    );
    place.write(&File::new(
        "a1",
        &[],
        "CREATE INDEX CONCURRENTLY ux ON t (id);",
    ));
    let RunError::Statement(failure) = place.upgrade("head").await.0.unwrap_err() else {
        panic!()
    };
    assert_eq!(failure.error.sqlstate, "42P07");
}

#[tokio::test]
async fn a_lost_connection_is_found_out_by_the_next_run() {
    let place = Place::new().await;
    table(&place, "(1, 'a')").await;
    place.write(&File::new(
        "a1",
        &[],
        "CREATE INDEX CONCURRENTLY ix ON t (id);",
    ));
    let blocker = place.other().await;
    blocker
        .execute("BEGIN; INSERT INTO t VALUES (2, 'b')")
        .await
        .unwrap();
    let first = place.other().await;
    let pid = first
        .scalar("SELECT pg_backend_pid()")
        .await
        .unwrap()
        .unwrap();
    let ((result, _), ()) = tokio::join!(place.upgrade_on(&first, "head"), async {
        tokio::time::sleep(Duration::from_millis(400)).await;
        place
            .session
            .execute(&format!("SELECT pg_terminate_backend({pid})"))
            .await
            .unwrap();
    });
    let RunError::Statement(failure) = result.unwrap_err() else {
        panic!()
    };
    assert!(failure.error.connection_lost);
    assert!(failure.standing.unknown);
    blocker.execute("COMMIT").await.unwrap();
    assert_eq!(place.log().await, ["a1 upgrade 1 1 started"]);
    assert_eq!(place.rows(valid()).await, ["ix f"]);
    let (result, events) = place.upgrade("head").await;
    result.unwrap();
    assert!(
        events
            .iter()
            .any(|event| matches!(event, Event::DebrisRemoved { .. }))
    );
    assert_eq!(place.rows(valid()).await, ["ix t"]);
}

#[tokio::test]
async fn what_was_finished_unheard_is_not_run_again() {
    let place = Place::new().await;
    table(&place, "(1, 'a')").await;
    place.write(&File::new(
        "a1",
        &[],
        "CREATE INDEX CONCURRENTLY ix ON t (id);",
    ));
    // The first attempt stops before the index; then the index appears as if nobody had heard of its end.
    let blocker = place.other().await;
    blocker.execute("CREATE TABLE ix ()").await.unwrap();
    assert!(place.upgrade("head").await.0.is_err());
    blocker.execute("DROP TABLE ix").await.unwrap();
    blocker.execute("CREATE INDEX ix ON t (id)").await.unwrap();
    let (result, events) = place.upgrade("head").await;
    result.unwrap();
    assert!(
        events
            .iter()
            .any(|event| matches!(event, Event::AlreadyDone { .. }))
    );
    let detail = place
        .scalar("SELECT detail FROM aludel.log ORDER BY id DESC LIMIT 1")
        .await;
    assert_eq!(detail, "index ix is there and valid");
}

#[tokio::test]
async fn an_index_of_the_same_name_is_compared() {
    let place = Place::new().await;
    table(&place, "(1, 'a')").await;
    place.write(&File::new(
        "a1",
        &[],
        "CREATE UNIQUE INDEX CONCURRENTLY ix ON t USING btree (lower(name) DESC, id) INCLUDE (name) WHERE id > 0;",
    ));
    let other = place.other().await;
    for definition in [
        "INDEX ix ON t (id)",
        "UNIQUE INDEX ix ON t (lower(name) DESC, id) INCLUDE (name) WHERE id > 1",
        "INDEX ix ON t (lower(name) DESC, id) INCLUDE (name) WHERE id > 0",
    ] {
        other
            .execute(&format!("CREATE {definition}"))
            .await
            .unwrap();
        for _ in 0..2 {
            let RunError::Statement(failure) = place.upgrade("head").await.0.unwrap_err() else {
                panic!()
            };
            assert_eq!(failure.error.sqlstate, "42P07");
        }
        other.execute("DROP INDEX ix").await.unwrap();
    }
    let same = "CREATE UNIQUE INDEX ix ON t (lower(name) DESC, id ASC) INCLUDE (name) WHERE id > 0";
    other.execute(same).await.unwrap();
    let (result, events) = place.upgrade("head").await;
    result.unwrap();
    let done = |event: &Event| matches!(event, Event::AlreadyDone { .. });
    assert!(events.iter().any(done), "{events:?}");
}

#[tokio::test]
async fn waiting_has_a_limit_of_its_own() {
    let mut place = Place::new().await;
    place.settings.concurrent_wait = Duration::from_millis(1500);
    place.settings.lock_timeout = Duration::from_millis(100);
    table(&place, "(1, 'a')").await;
    place.write(&File::new(
        "a1",
        &[],
        "CREATE INDEX CONCURRENTLY ix ON t (id);",
    ));
    let blocker = place.other().await;
    blocker
        .execute("BEGIN; INSERT INTO t VALUES (2, 'b')")
        .await
        .unwrap();
    let RunError::Statement(failure) = place.upgrade("head").await.0.unwrap_err() else {
        panic!()
    };
    assert!(failure.gave_up.unwrap() >= Duration::from_millis(1500));
    assert!(failure.blockers[0].query.contains("INSERT INTO t"));
    blocker.execute("COMMIT").await.unwrap();
    place.upgrade("head").await.0.unwrap();
    assert_eq!(place.rows(valid()).await, ["ix t"]);
}

#[tokio::test]
async fn a_pending_detach_is_finished() {
    let place = Place::new().await;
    place
        .session
        .execute(
            "CREATE TABLE p (id int) PARTITION BY LIST (id); CREATE TABLE p1 PARTITION OF p FOR VALUES IN (1); \
             CREATE TABLE p2 PARTITION OF p FOR VALUES IN (2)",
        )
        .await
        .unwrap();
    place.write(&File::new(
        "a1",
        &[],
        "ALTER TABLE p DETACH PARTITION p1 CONCURRENTLY;",
    ));
    let blocker = place.other().await;
    blocker.execute("BEGIN; SELECT * FROM p").await.unwrap();
    let first = place.other().await;
    let pid = first
        .scalar("SELECT pg_backend_pid()")
        .await
        .unwrap()
        .unwrap();
    let ((result, _), ()) = tokio::join!(place.upgrade_on(&first, "head"), async {
        tokio::time::sleep(Duration::from_millis(400)).await;
        place
            .session
            .execute(&format!("SELECT pg_terminate_backend({pid})"))
            .await
            .unwrap();
    });
    assert!(result.is_err());
    blocker.execute("COMMIT").await.unwrap();
    assert_eq!(
        place
            .scalar("SELECT bool_or(inhdetachpending) FROM pg_inherits")
            .await,
        "t"
    );
    let (result, events) = place.upgrade("head").await;
    result.unwrap();
    assert!(events.iter().any(|event| matches!(event, Event::DebrisRemoved { statement, .. } if statement.ends_with("FINALIZE"))));
    assert_eq!(place.scalar("SELECT count(*) FROM pg_inherits").await, "1");
}

#[tokio::test]
async fn what_no_probe_can_judge_is_not_guessed() {
    let mut place = Place::new().await;
    table(&place, "(1, 'a')").await;
    place.write(&File::new(
        "a1",
        &[],
        "-- aludel: no-transaction\nUPDATE t SET name = pg_sleep(30)::text;",
    ));
    let first = place.other().await;
    let pid = first
        .scalar("SELECT pg_backend_pid()")
        .await
        .unwrap()
        .unwrap();
    let ((result, _), ()) = tokio::join!(place.upgrade_on(&first, "head"), async {
        tokio::time::sleep(Duration::from_millis(400)).await;
        place
            .session
            .execute(&format!("SELECT pg_terminate_backend({pid})"))
            .await
            .unwrap();
    });
    assert!(result.is_err());
    let error = place.upgrade("head").await.0.unwrap_err();
    let RunError::OutcomeUnknown { origin, .. } = error else {
        panic!("{error}")
    };
    assert_eq!(origin.line, 8);
    place.settings.doubtful = Doubtful::TakeAsDone;
    place.upgrade("head").await.0.unwrap();
    assert_eq!(place.version_rows().await, ["a1"]);
    assert_eq!(place.scalar("SELECT name FROM t").await, "a");
}
