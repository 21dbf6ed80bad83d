//! The url engine: databases of ours on a server that others use, and none but ours dropped.

use crate::support::{self, connect, victim_orders};
use aludel_postgres::{
    DatabaseUrl, EngineChoice, Scratch, ScratchError, ScratchOptions, Session, survey,
};

/// A server that plays the user's own, with two roles.
struct UserServer {
    scratch: Scratch,
    administrator: DatabaseUrl,
}

impl UserServer {
    async fn start() -> Self {
        let options = ScratchOptions {
            engine: EngineChoice::Native,
            ..ScratchOptions::default()
        };
        let scratch = Scratch::start(&options).await.unwrap();
        let administrator = scratch.database().await.unwrap().url().clone();
        let roles = "CREATE ROLE maker LOGIN CREATEDB; CREATE ROLE guest LOGIN";
        connect(&administrator).await.execute(roles).await.unwrap();
        Self {
            scratch,
            administrator,
        }
    }

    fn url(&self, role: &str) -> DatabaseUrl {
        let (host, port) = (self.administrator.host(), self.administrator.port());
        DatabaseUrl::for_socket(host.as_ref(), port, role, "postgres")
    }

    fn options(&self, role: &str) -> ScratchOptions {
        ScratchOptions {
            url: Some(self.url(role)),
            ..ScratchOptions::default()
        }
    }

    async fn session(&self) -> Session {
        connect(&self.administrator).await
    }
}

async fn scratch_databases(session: &Session) -> Vec<String> {
    let sql = "SELECT datname FROM pg_database d JOIN pg_roles r ON r.oid = datdba
               WHERE datname LIKE 'aludel%' AND rolname = 'maker' ORDER BY 1";
    let rows = session.rows(sql).await.unwrap();
    rows.iter().map(|row| row.text(0).to_owned()).collect()
}

#[tokio::test]
async fn databases_are_marked_and_dropped() {
    let server = UserServer::start().await;
    let session = server.session().await;
    let scratch = Scratch::start(&server.options("maker")).await.unwrap();
    assert_eq!(scratch.engine_name(), "url");
    assert!(!scratch.may_create_roles());
    let first = scratch.database().await.unwrap();
    let second = scratch.clone_of(&first).await.unwrap();
    let sql = format!(
        "SELECT shobj_description(oid, 'pg_database') FROM pg_database WHERE datname = '{}'",
        second.name()
    );
    let mark = session.scalar(&sql).await.unwrap().unwrap();
    assert!(mark.contains("\"made-by\":\"aludel scratch\""), "{mark}");
    second.close().await;
    assert_eq!(scratch_databases(&session).await, [first.name()]);
    // A session left open does not keep its database.
    let _open = connect(first.url()).await;
    scratch.stop().await.unwrap();
    assert!(scratch_databases(&session).await.is_empty());

    let scratch = Scratch::start(&server.options("maker")).await.unwrap();
    scratch.database().await.unwrap();
    drop(scratch);
    assert!(scratch_databases(&session).await.is_empty());
    server.scratch.stop().await.unwrap();
}

#[tokio::test]
async fn a_role_that_may_not_create_is_told_both_ways_out() {
    let server = UserServer::start().await;
    let scratch = Scratch::start(&server.options("guest")).await.unwrap();
    let error = scratch.database().await.unwrap_err();
    assert!(
        matches!(&error, ScratchError::MayNotCreate { role, .. } if role == "guest"),
        "{error}"
    );
    let hints = error.hints();
    assert!(hints[0].contains("ALTER ROLE guest CREATEDB"), "{hints:?}");
    assert!(hints[1].contains("ALUDEL_SCRATCH_URL"), "{hints:?}");
}

/// Not a test of its own: the body of the child that is killed below.
#[tokio::test]
async fn victim() {
    let Some(orders) = victim_orders() else {
        return;
    };
    let options = ScratchOptions {
        url: Some(DatabaseUrl::parse(&orders).unwrap()),
        ..ScratchOptions::default()
    };
    let scratch = Scratch::start(&options).await.unwrap();
    support::report(scratch.database().await.unwrap().name());
    tokio::time::sleep(std::time::Duration::from_mins(1)).await;
}

#[tokio::test]
async fn only_what_a_killed_run_left_is_swept() {
    let server = UserServer::start().await;
    let session = server.session().await;
    for (name, mark) in [
        ("aludel_scratch_unmarked", "NULL"),
        (
            "aludel_scratch_elsewhere",
            "'{\"made-by\": \"aludel scratch\", \"pid\": 1, \
          \"started\": \"1\", \"machine\": \"another\"}'",
        ),
    ] {
        let create = format!("CREATE DATABASE {name} OWNER maker");
        session.execute(&create).await.unwrap();
        let comment = format!("COMMENT ON DATABASE {name} IS {mark}");
        session.execute(&comment).await.unwrap();
    }
    let living = Scratch::start(&server.options("maker")).await.unwrap();
    let kept = living.database().await.unwrap();
    let orders = server.url("maker").to_connection_string();
    let (mut child, left) = support::start_victim("scratch_url::victim", &orders);
    child.kill().unwrap();
    child.wait().unwrap();
    assert!(scratch_databases(&session).await.contains(&left));

    // The server notices the end of the killed client's sessions a moment later.
    for _ in 0..200 {
        Scratch::start(&server.options("maker"))
            .await
            .unwrap()
            .stop()
            .await
            .unwrap();
        if !scratch_databases(&session).await.contains(&left) {
            break;
        }
        tokio::time::sleep(std::time::Duration::from_millis(10)).await;
    }
    let mut expected = vec![
        "aludel_scratch_elsewhere",
        "aludel_scratch_unmarked",
        kept.name(),
    ];
    expected.sort_unstable();
    assert_eq!(scratch_databases(&session).await, expected);
    living.stop().await.unwrap();
}

#[tokio::test]
async fn the_survey_says_which_and_why() {
    let server = UserServer::start().await;
    let findings = survey(&server.options("maker")).await;
    let picked: Vec<_> = findings.iter().filter(|finding| finding.picked).collect();
    assert_eq!(picked.len(), 1);
    assert_eq!(
        (picked[0].engine, picked[0].reason.as_str()),
        ("url", "you named it")
    );
    let findings = survey(&ScratchOptions::default()).await;
    let picked: Vec<_> = findings.iter().filter(|finding| finding.picked).collect();
    assert_eq!(picked.len(), 1);
    assert_eq!(picked[0].engine, "native");
    assert!(
        findings
            .iter()
            .any(|finding| finding.engine == "embedded" && !finding.picked)
    );
}
