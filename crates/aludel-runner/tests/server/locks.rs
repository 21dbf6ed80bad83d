//! Others at the same time: a second upgrade, a lock that is held, Ctrl-C.

use std::time::Duration;

use aludel_runner::{Event, RunError, Runner, UpgradeOptions};

use crate::support::{File, Place};

#[tokio::test]
async fn of_two_upgrades_one_waits_and_nothing_runs_twice() {
    let place = Place::new().await;
    place.write(&File::new(
        "a1",
        &[],
        "CREATE TABLE t (id int);\nSELECT pg_sleep(0.4);",
    ));
    place.write(&File::new("b2", &["a1"], "INSERT INTO t VALUES (1);"));
    let other = place.other().await;
    let (one, two) = tokio::join!(place.upgrade("head"), place.upgrade_on(&other, "head"));
    let ran = [&one, &two].map(|(result, _)| result.as_ref().unwrap().revisions.len());
    assert_eq!(ran.iter().sum::<usize>(), 2, "{ran:?}");
    assert!(ran.contains(&0));
    assert_eq!(place.scalar("SELECT count(*) FROM t").await, "1");
    let holders: Vec<_> = [one.1, two.1]
        .concat()
        .into_iter()
        .filter_map(|event| match event {
            Event::WaitingForLock { holder, .. } => holder,
            _ => None,
        })
        .collect();
    assert_eq!(holders[0].application, "aludel");
    assert!(holders[0].pid > 0);
}

#[tokio::test]
async fn nothing_to_do_needs_no_lock() {
    let mut place = Place::new().await;
    place.write(&File::new(
        "a1",
        &[],
        "CREATE TABLE t (id int);\nSELECT pg_sleep(1);",
    ));
    place.write(&File::new("b2", &["a1"], ""));
    place.settings.wait_for_lock = Duration::from_millis(150);
    let other = place.other().await;
    let (holding, waiting) = tokio::join!(place.upgrade_on(&other, "a1"), async {
        tokio::time::sleep(Duration::from_millis(300)).await;
        let refused = place.upgrade("head").await.0;
        (refused, place.upgrade("base").await.0)
    });
    holding.0.unwrap();
    let (refused, nothing) = waiting;
    let Err(RunError::LockBusy {
        holder: Some(holder),
        waited,
    }) = refused
    else {
        panic!("{refused:?}")
    };
    assert!(holder.query.contains("pg_sleep"), "{holder}");
    assert!(waited >= Duration::from_millis(150));
    assert!(nothing.unwrap().revisions.is_empty());
}

#[tokio::test]
async fn tenants_run_side_by_side() {
    let place = Place::new().await;
    place.write(&File::new(
        "a1",
        &[],
        "CREATE TABLE t (id int);\nSELECT pg_sleep(0.3);",
    ));
    place
        .session
        .execute("CREATE SCHEMA one; CREATE SCHEMA two")
        .await
        .unwrap();
    let other = place.other().await;
    let history = place.history();
    let settings = |schema: &str| aludel_runner::RunnerSettings {
        search_path: format!("{schema}, public"),
        ..place.settings.clone()
    };
    let one = Runner::new(&place.session, &history, settings("one"));
    let two = Runner::new(&other, &history, settings("two"));
    let mut waited = 0;
    let mut ignore = |_: &Event| ();
    let mut count =
        |event: &Event| waited += usize::from(matches!(event, Event::WaitingForLock { .. }));
    let options = UpgradeOptions::default();
    let (first, second) = tokio::join!(
        one.upgrade("head", &options, &mut ignore),
        two.upgrade("head", &options, &mut count)
    );
    first.unwrap();
    second.unwrap();
    assert_eq!(waited, 0);
    assert_eq!(
        place
            .rows("SELECT version_table, revision FROM aludel.log ORDER BY 1")
            .await,
        ["one.alembic_version a1", "two.alembic_version a1"]
    );
}

#[tokio::test]
async fn a_lock_timeout_is_tried_again() {
    let mut place = Place::new().await;
    place.settings.lock_timeout = Duration::from_millis(100);
    place
        .session
        .execute("CREATE TABLE t (id int)")
        .await
        .unwrap();
    place.write(&File::new(
        "a1",
        &[],
        "CREATE TABLE u (id int);\nALTER TABLE t ADD COLUMN name text;",
    ));
    let other = place.other().await;
    other
        .execute("BEGIN; LOCK TABLE t IN ACCESS SHARE MODE")
        .await
        .unwrap();
    let ((result, events), ()) = tokio::join!(place.upgrade("head"), async {
        tokio::time::sleep(Duration::from_millis(300)).await;
        other.execute("COMMIT").await.unwrap();
    });
    result.unwrap();
    let retries: Vec<u32> = events
        .iter()
        .filter_map(|event| match event {
            Event::Retrying { attempt, .. } => Some(*attempt),
            _ => None,
        })
        .collect();
    assert!(retries.starts_with(&[2]), "{retries:?}");
    assert_eq!(place.version_rows().await, ["a1"]);
}

#[tokio::test]
async fn tries_come_to_an_end() {
    let mut place = Place::new().await;
    place.settings.lock_timeout = Duration::from_millis(50);
    place.settings.lock_attempts = 3;
    place
        .session
        .execute("CREATE TABLE t (id int)")
        .await
        .unwrap();
    place.write(&File::new("a1", &[], "ALTER TABLE t ADD COLUMN name text;"));
    let other = place.other().await;
    other
        .execute("BEGIN; LOCK TABLE t IN ACCESS SHARE MODE")
        .await
        .unwrap();
    let RunError::Statement(failure) = place.upgrade("head").await.0.unwrap_err() else {
        panic!()
    };
    assert_eq!(
        (failure.attempts, failure.error.sqlstate.as_str()),
        (3, "55P03")
    );
    assert_eq!(
        failure.standing.to_string(),
        "the database stands at base; 0 of 1 revisions were run"
    );
}

#[tokio::test]
async fn whoever_is_in_the_way_is_named() {
    let place = Place::new().await;
    place
        .session
        .execute("CREATE TABLE t (id int)")
        .await
        .unwrap();
    place.write(&File::new("a1", &[], "ALTER TABLE t ADD COLUMN name text;"));
    let other = place.other().await;
    other
        .execute("BEGIN; LOCK TABLE t IN ACCESS SHARE MODE")
        .await
        .unwrap();
    let ((result, events), ()) = tokio::join!(place.upgrade("head"), async {
        tokio::time::sleep(Duration::from_millis(1600)).await;
        other.execute("COMMIT").await.unwrap();
    });
    result.unwrap();
    let blocked = events.iter().find_map(|event| match event {
        Event::Blocked { by, .. } => Some(by.clone()),
        _ => None,
    });
    assert!(blocked.unwrap()[0].query.contains("LOCK TABLE t"));
}

#[tokio::test]
async fn a_cancelled_run_rolls_back_and_says_so() {
    let place = Place::new().await;
    place.write(&File::new("a1", &[], "CREATE TABLE t (id int);"));
    place.write(&File::new(
        "b2",
        &["a1"],
        "CREATE TABLE u (id int);\nSELECT pg_sleep(30);",
    ));
    let history = place.history();
    let runner = Runner::new(&place.session, &history, place.settings.clone());
    let canceller = runner.canceller();
    let options = UpgradeOptions::default();
    let mut ignore = |_: &Event| ();
    let (result, ()) = tokio::join!(runner.upgrade("head", &options, &mut ignore), async {
        tokio::time::sleep(Duration::from_millis(400)).await;
        canceller.cancel().await.unwrap();
    });
    let RunError::Cancelled {
        interrupted,
        standing,
    } = result.unwrap_err()
    else {
        panic!()
    };
    assert_eq!(interrupted.unwrap().as_str(), "b2");
    assert_eq!(
        standing.to_string(),
        "the database stands at a1; 1 of 2 revisions were run"
    );
    assert_eq!(place.scalar("SELECT to_regclass('u')").await, "");
    assert_eq!(
        place
            .scalar("SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'")
            .await,
        "0"
    );
}
