//! The local database: made once, durable, outliving its starter, never deleted.

use std::net::{Ipv4Addr, TcpListener};
use std::path::Path;

use aludel_postgres::{
    ClusterError, ConnectFailure, ConnectOptions, LocalCluster, LocalError, LocalState, Session,
};

use crate::support::{self, connect, open_directory, victim_orders};

/// A project whose server ends with the test.
pub(crate) struct Project {
    directory: tempfile::TempDir,
}

impl Project {
    pub(crate) fn new() -> Self {
        Self {
            directory: open_directory(),
        }
    }

    pub(crate) fn cluster(&self) -> LocalCluster {
        LocalCluster::at(self.directory.path())
    }

    async fn pid(&self) -> i32 {
        match self.cluster().status().await.state {
            LocalState::Running { pid } => pid,
            other => panic!("{other:?}"),
        }
    }
}

impl Drop for Project {
    fn drop(&mut self) {
        let pid_file = self.directory.path().join(".aludel/pgdata/postmaster.pid");
        let text = std::fs::read_to_string(pid_file).unwrap_or_default();
        let pid = text.lines().next().and_then(|line| line.parse().ok());
        if let Some(pid) = pid.and_then(rustix::process::Pid::from_raw) {
            let _ = rustix::process::kill_process(pid, rustix::process::Signal::QUIT);
        }
    }
}

pub(crate) fn free_port() -> u16 {
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).unwrap();
    listener.local_addr().unwrap().port()
}

#[tokio::test]
async fn it_is_made_on_demand_and_keeps_its_data() {
    let project = Project::new();
    let cluster = project.cluster();
    assert_eq!(cluster.status().await.state, LocalState::Absent);
    let url = cluster.ensure_started().await.unwrap();
    assert_eq!(url.database(), "app");
    let session = connect(&url).await;
    session
        .execute("CREATE TABLE t (a int); INSERT INTO t VALUES (7)")
        .await
        .unwrap();
    let fsync = session.scalar("SHOW fsync").await.unwrap();
    assert_eq!(fsync.as_deref(), Some("on"));
    let pid = project.pid().await;
    assert_eq!(cluster.ensure_started().await.unwrap(), url);
    assert_eq!(project.pid().await, pid);

    let status = cluster.stop().await.unwrap();
    assert_eq!((status.state, status.url), (LocalState::Stopped, None));
    cluster.stop().await.unwrap();
    let session = connect(&cluster.ensure_started().await.unwrap()).await;
    assert_eq!(
        session.scalar("SELECT a FROM t").await.unwrap().as_deref(),
        Some("7")
    );
    drop(session);
    cluster.stop().await.unwrap();
}

#[tokio::test]
async fn a_port_is_remembered_and_guarded_by_a_password() {
    let project = Project::new();
    let cluster = project.cluster();
    let port = free_port();
    let status = cluster.start(Some(port)).await.unwrap();
    assert_eq!(status.port, Some(port));
    let tcp_url = status.tcp_url.unwrap();
    let session = connect(&tcp_url).await;
    assert_eq!(
        session
            .scalar("SELECT current_database()")
            .await
            .unwrap()
            .as_deref(),
        Some("app")
    );
    let wrong = tcp_url.with_password("not-the-secret");
    let error = Session::connect(&wrong, &ConnectOptions::default())
        .await
        .unwrap_err();
    assert!(
        matches!(*error.failure, ConnectFailure::Authentication { .. }),
        "{error}"
    );
    assert!(!format!("{error} {error:?}").contains("not-the-secret"));

    cluster.stop().await.unwrap();
    let status = cluster.start(None).await.unwrap();
    assert_eq!(status.tcp_url.as_ref(), Some(&tcp_url));
    let status = cluster.start(Some(0)).await.unwrap();
    assert_eq!((status.port, status.tcp_url), (None, None));
    cluster.stop().await.unwrap();

    let _taken = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).unwrap();
    let error = cluster.start(Some(port)).await.unwrap_err();
    assert!(matches!(error, LocalError::PortTaken { .. }), "{error}");
    assert_eq!(cluster.status().await.state, LocalState::Stopped);
}

#[tokio::test]
async fn data_of_another_major_is_an_error_that_says_how_to_move_it() {
    let project = Project::new();
    let data_dir = project.directory.path().join(".aludel/pgdata");
    std::fs::create_dir_all(&data_dir).unwrap();
    std::fs::write(data_dir.join("PG_VERSION"), "9\n").unwrap();
    let error = project.cluster().ensure_started().await.unwrap_err();
    assert!(
        matches!(error, LocalError::WrongMajor { data_major: 9, .. }),
        "{error}"
    );
    let hints = error.hints().join("\n");
    assert!(hints.contains("aludel db install --major 9"), "{hints}");
    assert!(hints.contains("pg_dumpall"), "{hints}");
    assert_eq!(
        std::fs::read_to_string(data_dir.join("PG_VERSION")).unwrap(),
        "9\n"
    );
}

#[tokio::test]
async fn a_directory_without_data_is_left_alone() {
    let project = Project::new();
    let file = project.directory.path().join(".aludel/pgdata/mine");
    std::fs::create_dir_all(file.parent().unwrap()).unwrap();
    std::fs::write(&file, "mine").unwrap();
    let error = project.cluster().ensure_started().await.unwrap_err();
    assert!(matches!(error, LocalError::NotData { .. }), "{error}");
    assert!(file.exists());
}

#[tokio::test]
async fn an_unreachable_directory_is_named_with_its_mend() {
    if !rustix::process::geteuid().is_root() {
        // Only root hands its servers to another account.
        return;
    }
    let project = Project::new();
    support::allow(project.directory.path(), 0o700);
    let error = project.cluster().ensure_started().await.unwrap_err();
    let LocalError::Cluster(ClusterError::Unreachable { directory, .. }) = &error else {
        panic!("{error}");
    };
    assert_eq!(directory, project.directory.path());
    let mend = format!("chmod o+x {}", directory.display());
    assert!(error.hints()[0].contains(&mend));
}

/// Not a test of its own: starts a server and ends.
#[tokio::test]
async fn victim() {
    let Some(orders) = victim_orders() else {
        return;
    };
    let url = LocalCluster::at(Path::new(&orders))
        .ensure_started()
        .await
        .unwrap();
    support::report(&url.to_string());
}

#[tokio::test]
async fn it_outlives_its_starters_of_which_two_start_one() {
    let project = Project::new();
    let orders = project.directory.path().display().to_string();
    let other = orders.clone();
    let other = std::thread::spawn(move || support::start_victim("local::victim", &other));
    let (mut first, first_url) = support::start_victim("local::victim", &orders);
    let (mut second, second_url) = other.join().unwrap();
    assert_eq!(first_url, second_url);
    first.wait().unwrap();
    second.wait().unwrap();
    let session = connect(&project.cluster().ensure_started().await.unwrap()).await;
    let answer = session.scalar("SELECT 1").await.unwrap();
    assert_eq!(answer.as_deref(), Some("1"));
    drop(session);
    project.cluster().stop().await.unwrap();
}
