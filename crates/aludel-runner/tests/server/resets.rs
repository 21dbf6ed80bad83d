//! What a script sets in the session ends with its revision.

use crate::support::{File, Place};

const SEEN: &str = "INSERT INTO seen SELECT name, setting, unit FROM pg_settings WHERE name IN \
     ('work_mem', 'lock_timeout', 'statement_timeout', 'idle_in_transaction_session_timeout', 'search_path');";

#[tokio::test]
async fn settings_do_not_reach_the_next_revision() {
    let place = Place::new().await;
    place.write(&File::new(
        "a1",
        &[],
        "CREATE TABLE public.seen (name text, setting text, unit text);",
    ));
    place.write(&File::new(
        "b2",
        &["a1"],
        "SET statement_timeout = 0;\nSET lock_timeout = 0;\nSELECT pg_catalog.set_config('search_path', '', false);\n\
         SET work_mem = '77MB';\nCREATE TABLE public.t (id int);",
    ));
    place.write(&File::new("c3", &["b2"], SEEN));
    place.upgrade("head").await.0.unwrap();
    assert_eq!(
        place
            .rows("SELECT name, setting FROM seen ORDER BY 1")
            .await,
        [
            "idle_in_transaction_session_timeout 60000",
            "lock_timeout 5000",
            "search_path public",
            "statement_timeout 900000",
            "work_mem 4096",
        ]
    );
    assert_eq!(place.scalar("SHOW work_mem").await, "4MB");
    assert_eq!(place.scalar("SHOW lock_timeout").await, "0");
}

#[tokio::test]
async fn timeouts_are_set_again_after_a_script_switches_them_off() {
    let place = Place::new().await;
    let script = format!(
        "CREATE TABLE public.seen (name text, setting text, unit text);\nSET lock_timeout = 0;\n\
         SET statement_timeout = '2h';\n-- aludel: commit\n{SEEN}"
    );
    place.write(&File::new("a1", &[], &script));
    place.upgrade("head").await.0.unwrap();
    let seen = place
        .rows("SELECT name, setting FROM seen WHERE name ~ '^(lock|statement)' ORDER BY 1")
        .await;
    assert_eq!(seen, ["lock_timeout 5000", "statement_timeout 7200000"]);
}

#[tokio::test]
async fn a_role_that_a_script_takes_up_does_not_write_our_records() {
    let place = Place::new().await;
    place
        .session
        .execute("CREATE ROLE app NOLOGIN; GRANT CREATE ON SCHEMA public TO app")
        .await
        .unwrap();
    place.write(&File::new(
        "a1",
        &[],
        "SET ROLE app;\nCREATE TABLE t (id int);\n-- aludel: commit\nCREATE TABLE u (id int);",
    ));
    place.write(&File::new("b2", &["a1"], "CREATE TABLE v (id int);"));
    place.upgrade("head").await.0.unwrap();
    let owners = place
        .rows("SELECT relname, relowner::regrole FROM pg_class WHERE relname IN ('t', 'u', 'v', 'alembic_version') ORDER BY 1")
        .await;
    let me = place.scalar("SELECT session_user").await;
    assert_eq!(
        owners,
        [
            format!("alembic_version {me}"),
            "t app".to_owned(),
            "u app".to_owned(),
            format!("v {me}")
        ]
    );
    assert_eq!(place.scalar("SELECT current_user").await, me);
}

#[tokio::test]
async fn a_failure_leaves_the_session_as_it_was() {
    let place = Place::new().await;
    place.write(&File::new(
        "a1",
        &[],
        "SET work_mem = '77MB';\n-- aludel: commit\nSELECT 1/0;",
    ));
    assert!(place.upgrade("head").await.0.is_err());
    assert_eq!(place.scalar("SHOW work_mem").await, "4MB");
}
