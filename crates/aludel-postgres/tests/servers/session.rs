//! What a session passes on of what a server says.

use std::time::Duration;

use aludel_postgres::{
    ConnectFailure, ConnectOptions, DatabaseUrl, Scratch, ScratchOptions, Session,
};

use crate::support::connect;

async fn server() -> (Scratch, DatabaseUrl) {
    let scratch = Scratch::start(&ScratchOptions::default()).await.unwrap();
    let url = scratch.database().await.unwrap().url().clone();
    (scratch, url)
}

#[tokio::test]
async fn result_sets_notices_and_settings() {
    let (_scratch, url) = server().await;
    let options = ConnectOptions {
        settings: vec![("search_path".to_owned(), "a, public".to_owned())],
        ..ConnectOptions::default()
    };
    let session = Session::connect(&url, &options).await.unwrap();
    let sets = session
        .row_sets(
            "SELECT 1, NULL; BEGIN; SELECT 2 WHERE false; CREATE TABLE t (); SELECT 3; COMMIT",
        )
        .await
        .unwrap();
    let sizes: Vec<_> = sets.iter().map(Vec::len).collect();
    assert_eq!(sizes, [1, 0, 1]);
    assert_eq!(
        (sets[0][0].get(0), sets[0][0].get(1), sets[0][0].get(9)),
        (Some("1"), None, None)
    );
    session
        .execute("DROP TABLE IF EXISTS nothing")
        .await
        .unwrap();
    let notices = session.take_notices();
    assert_eq!(notices.len(), 1);
    assert_eq!(notices[0].severity, "NOTICE");
    assert!(session.take_notices().is_empty());
    let path = session.scalar("SHOW search_path").await.unwrap();
    assert_eq!(path.as_deref(), Some("a, public"));
}

#[tokio::test]
async fn errors_keep_every_field() {
    let (_scratch, url) = server().await;
    let session = connect(&url).await;
    let error = session
        .execute("SELECT 'ü', nope FROM pg_class")
        .await
        .unwrap_err();
    assert_eq!(
        (error.sqlstate.as_str(), error.position),
        ("42703", Some(13))
    );
    assert_eq!(error.severity, "ERROR");
    assert!(!error.connection_lost);
    session
        .execute("CREATE TABLE t (a int CONSTRAINT positive CHECK (a > 0))")
        .await
        .unwrap();
    let error = session
        .execute("INSERT INTO t VALUES (-1)")
        .await
        .unwrap_err();
    assert_eq!(error.constraint.as_deref(), Some("positive"));
    assert_eq!(error.table.as_deref(), Some("t"));
    assert_eq!(error.detail.as_deref(), Some("Failing row contains (-1)."));
    let error = session
        .execute("DO $$ BEGIN EXECUTE 'SELECT nope'; END $$")
        .await
        .unwrap_err();
    assert_eq!(
        (error.position, error.internal_statement.as_deref()),
        (None, Some("SELECT nope"))
    );
    assert!(
        error
            .context
            .as_deref()
            .is_some_and(|context| context.contains("inline_code_block"))
    );
    // The session goes on.
    assert_eq!(
        session.scalar("SELECT 1").await.unwrap().as_deref(),
        Some("1")
    );
}

#[tokio::test]
async fn a_statement_is_cancelled_from_beside() {
    let (_scratch, url) = server().await;
    let session = connect(&url).await;
    let handle = session.cancel_handle();
    let canceller = tokio::spawn(async move {
        tokio::time::sleep(Duration::from_millis(100)).await;
        handle.cancel().await
    });
    let error = session.execute("SELECT pg_sleep(30)").await.unwrap_err();
    assert!(error.is("57014"), "{error}");
    canceller.await.unwrap().unwrap();
    assert!(!session.is_closed());
}

#[tokio::test]
async fn a_lost_connection_is_told_from_a_refusal() {
    let (_scratch, url) = server().await;
    let session = connect(&url).await;
    let error = session
        .execute("SELECT pg_terminate_backend(pg_backend_pid())")
        .await
        .unwrap_err();
    assert!(error.connection_lost);
    assert!(error.is("57P01"), "{error}");
    // Ended while idle: the next statement says why.
    let session = connect(&url).await;
    let pid = session
        .scalar("SELECT pg_backend_pid()")
        .await
        .unwrap()
        .unwrap();
    connect(&url)
        .await
        .execute(&format!("SELECT pg_terminate_backend({pid})"))
        .await
        .unwrap();
    tokio::time::sleep(Duration::from_millis(200)).await;
    let error = session.execute("SELECT 1").await.unwrap_err();
    assert!(error.connection_lost);
    assert!(error.message.contains("administrator"), "{error}");
    assert!(session.is_closed());
}

#[tokio::test]
async fn what_keeps_a_connection_from_being() {
    let (_scratch, url) = server().await;
    let options = ConnectOptions::default();
    let failure = |url: DatabaseUrl| {
        let options = options.clone();
        async move { *Session::connect(&url, &options).await.unwrap_err().failure }
    };
    let missing = failure(url.with_database("nope")).await;
    assert!(
        matches!(&missing, ConnectFailure::NoDatabase(name) if name == "nope"),
        "{missing:?}"
    );
    let stranger = DatabaseUrl::for_socket(url.host().as_ref(), url.port(), "stranger", "postgres");
    let refused = failure(stranger).await;
    assert!(
        matches!(refused, ConnectFailure::Authentication { .. }),
        "{refused:?}"
    );
    let nobody = failure(DatabaseUrl::for_loopback(1, "u", "d")).await;
    assert!(
        matches!(nobody, ConnectFailure::Unreachable(_)),
        "{nobody:?}"
    );

    let read_only = ConnectOptions {
        read_only: true,
        ..ConnectOptions::default()
    };
    let session = Session::connect(&url, &read_only).await.unwrap();
    let error = session.execute("CREATE TABLE t ()").await.unwrap_err();
    assert!(error.is("25006"), "{error}");
}
