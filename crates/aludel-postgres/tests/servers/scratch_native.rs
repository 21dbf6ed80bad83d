//! The native engine: what it gives, and that nothing of it stays behind, however it ends.

use std::path::PathBuf;

use tokio::signal::unix::{SignalKind, signal};

use crate::support::{self, connect, eventually, open_directory, socket_directory, victim_orders};
use aludel_postgres::{ClusterError, EngineChoice, Scratch, ScratchError, ScratchOptions};

fn native() -> ScratchOptions {
    ScratchOptions {
        engine: EngineChoice::Native,
        ..ScratchOptions::default()
    }
}

#[tokio::test]
async fn databases_are_made_cloned_and_closed() {
    let plan = Scratch::plan(&native()).await.unwrap();
    let planned = plan.server_version_num();
    let scratch = plan.start().await.unwrap();
    assert_eq!(scratch.engine_name(), "native");
    assert_eq!(scratch.server_version_num(), planned);

    let first = scratch.database().await.unwrap();
    let session = connect(first.url()).await;
    session
        .execute("CREATE TABLE t (a int); INSERT INTO t VALUES (7)")
        .await
        .unwrap();
    let shown = session
        .scalar("SELECT current_setting('timezone') || current_user")
        .await;
    assert_eq!(shown.unwrap().as_deref(), Some("UTCaludel"));
    // The session is just ending when the clone is asked for.
    drop(session);
    let clone = scratch.clone_of(&first).await.unwrap();
    let session = connect(clone.url()).await;
    assert_eq!(
        session.scalar("SELECT a FROM t").await.unwrap().as_deref(),
        Some("7")
    );
    session.execute("DROP TABLE t").await.unwrap();

    let name = clone.name().to_owned();
    clone.close().await;
    let session = connect(first.url()).await;
    assert_eq!(
        session
            .scalar("SELECT count(*) FROM t")
            .await
            .unwrap()
            .as_deref(),
        Some("1")
    );
    let sql = format!("SELECT count(*) FROM pg_database WHERE datname = '{name}'");
    assert_eq!(session.scalar(&sql).await.unwrap().as_deref(), Some("0"));
    scratch.stop().await.unwrap();
}

#[tokio::test]
async fn a_database_in_use_is_not_cloned() {
    let scratch = Scratch::start(&native()).await.unwrap();
    let database = scratch.database().await.unwrap();
    let _session = connect(database.url()).await;
    let error = scratch.clone_of(&database).await.unwrap_err();
    assert!(
        matches!(&error, ScratchError::InUse { sessions, .. } if sessions == "1"),
        "{error}"
    );
}

#[tokio::test]
async fn three_hundred_tables_are_dropped_at_once() {
    let scratch = Scratch::start(&native()).await.unwrap();
    let database = scratch.database().await.unwrap();
    let session = connect(database.url()).await;
    let tables: Vec<_> = (0..300)
        .map(|n| format!("CREATE TABLE t{n} (a serial PRIMARY KEY);"))
        .collect();
    session.execute(&tables.concat()).await.unwrap();
    session.execute("DROP SCHEMA public CASCADE").await.unwrap();
    scratch.stop().await.unwrap();
}

#[tokio::test]
async fn nothing_stays_after_stop_and_after_drop() {
    let scratch = Scratch::start(&native()).await.unwrap();
    let directory = socket_directory(scratch.database().await.unwrap().url());
    assert!(directory.exists());
    scratch.stop().await.unwrap();
    assert!(!directory.exists());

    let scratch = Scratch::start(&native()).await.unwrap();
    let directory = socket_directory(scratch.database().await.unwrap().url());
    drop(scratch);
    assert!(!directory.exists());
    assert!(!support::is_worked_in(&directory.join("data")));
}

#[tokio::test]
async fn two_runs_share_a_cold_cache() {
    let cache = open_directory();
    let options = ScratchOptions {
        cache_dir: Some(cache.path().to_owned()),
        ..native()
    };
    let other = options.clone();
    let other = std::thread::spawn(move || {
        let runtime = tokio::runtime::Builder::new_current_thread()
            .enable_all()
            .build()
            .unwrap();
        runtime.block_on(async {
            Scratch::start(&other).await.unwrap().stop().await.unwrap();
        });
    });
    Scratch::start(&options)
        .await
        .unwrap()
        .stop()
        .await
        .unwrap();
    other.join().unwrap();
    let templates = std::fs::read_dir(cache.path().join("templates")).unwrap();
    let names: Vec<_> = templates.flatten().map(|entry| entry.file_name()).collect();
    assert_eq!(names.len(), 2, "one template and its lock: {names:?}");
}

#[tokio::test]
async fn a_cache_the_server_cannot_reach_is_named() {
    if !rustix::process::geteuid().is_root() {
        // Only root hands its servers to another account.
        return;
    }
    let closed = tempfile::tempdir().unwrap();
    support::allow(closed.path(), 0o700);
    let options = ScratchOptions {
        cache_dir: Some(closed.path().join("cache")),
        ..native()
    };
    let error = Scratch::start(&options).await.unwrap_err();
    match &error {
        ScratchError::Cluster(ClusterError::Unreachable { directory, .. }) => {
            assert_eq!(directory, closed.path());
        }
        other => panic!("{other}"),
    }
    assert!(!error.hints().is_empty());
}

#[tokio::test]
async fn embedded_comes_later_and_says_so() {
    let options = ScratchOptions {
        engine: EngineChoice::Embedded,
        ..ScratchOptions::default()
    };
    let error = Scratch::start(&options).await.unwrap_err();
    assert_eq!(
        error.to_string(),
        "the scratch engine `embedded` comes in a later release"
    );
}

/// Not a test of its own: the body of the children that the tests below end.
#[tokio::test]
async fn victim() {
    let Some(orders) = victim_orders() else {
        return;
    };
    let scratch = Scratch::start(&native()).await.unwrap();
    let database = scratch.database().await.unwrap();
    let mut interrupts = signal(SignalKind::interrupt()).unwrap();
    support::report(&socket_directory(database.url()).display().to_string());
    match orders.as_str() {
        // What the binary does on Ctrl-C: leave the work, and thereby drop it.
        "interrupt" => interrupts.recv().await.unwrap(),
        "fail" => panic!("as ordered"),
        _ => tokio::time::sleep(std::time::Duration::from_mins(1)).await,
    }
}

#[tokio::test]
async fn a_killed_run_leaves_no_server_and_is_swept() {
    let (mut child, directory) = support::start_victim("scratch_native::victim", "sleep");
    let directory = PathBuf::from(directory);
    let data_dir = directory.join("data");
    assert!(support::is_worked_in(&data_dir));
    child.kill().unwrap();
    child.wait().unwrap();
    eventually("the server ends with its parent", || {
        !support::is_worked_in(&data_dir)
    });
    // Another test's run may have swept it by now; after a run of ours it is gone for certain.
    Scratch::start(&native())
        .await
        .unwrap()
        .stop()
        .await
        .unwrap();
    assert!(!directory.exists());
}

#[test]
fn an_interrupted_run_cleans_up() {
    let (mut child, directory) = support::start_victim("scratch_native::victim", "interrupt");
    let pid = rustix::process::Pid::from_child(&child);
    rustix::process::kill_process(pid, rustix::process::Signal::INT).unwrap();
    child.wait().unwrap();
    assert!(!PathBuf::from(directory).exists());
}

#[test]
fn a_failing_run_cleans_up() {
    let (mut child, directory) = support::start_victim("scratch_native::victim", "fail");
    assert!(!child.wait().unwrap().success());
    assert!(!PathBuf::from(directory).exists());
}
