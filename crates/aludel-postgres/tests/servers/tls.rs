//! What each `sslmode` accepts of a server with TLS and of one without.

use std::path::Path;

use aludel_postgres::{ConnectFailure, ConnectOptions, DatabaseUrl, LocalCluster, Session};

use crate::local::{Project, free_port};

fn fixture(name: &str) -> String {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/servers/tls")
        .join(name)
        .display()
        .to_string()
}

/// A server on the loopback interface; the URL lacks host and TLS parameters.
async fn serve(cluster: &LocalCluster) -> String {
    let status = cluster.start(Some(free_port())).await.unwrap();
    let url = status.tcp_url.unwrap();
    let text = url.to_connection_string();
    text.replace("127.0.0.1", "HOST") + "?hostaddr=127.0.0.1"
}

/// Lets the server write the files itself, so that it owns them as it demands.
async fn turn_tls_on(cluster: &LocalCluster) {
    let session = crate::support::connect(&cluster.ensure_started().await.unwrap()).await;
    for (name, setting) in [
        ("server.crt", "ssl_cert_file"),
        ("server.key", "ssl_key_file"),
    ] {
        let text = std::fs::read_to_string(fixture(name)).unwrap();
        let place = cluster.data_dir().join(name);
        let lines = text
            .trim()
            .lines()
            .map(|line| format!("'{line}'"))
            .collect::<Vec<_>>();
        let copy = format!(
            "COPY (SELECT unnest(ARRAY[{}])) TO '{}'",
            lines.join(","),
            place.display()
        );
        session.execute(&copy).await.unwrap();
        session
            .execute(&format!("ALTER SYSTEM SET {setting} = '{name}'"))
            .await
            .unwrap();
        crate::support::allow(&place, 0o600);
    }
    session.execute("ALTER SYSTEM SET ssl = on").await.unwrap();
    session.execute("SELECT pg_reload_conf()").await.unwrap();
    while session.scalar("SHOW ssl").await.unwrap().as_deref() != Some("on") {
        tokio::time::sleep(std::time::Duration::from_millis(5)).await;
    }
}

async fn try_connect(url: &str, host: &str, parameters: &str) -> Result<Session, ConnectFailure> {
    let url = DatabaseUrl::parse(&(url.replace("HOST", host) + parameters)).unwrap();
    Session::connect(&url, &ConnectOptions::default())
        .await
        .map_err(|error| *error.failure)
}

async fn is_encrypted(session: &Session) -> bool {
    let sql = "SELECT ssl FROM pg_stat_ssl WHERE pid = pg_backend_pid()";
    session.scalar(sql).await.unwrap().as_deref() == Some("t")
}

#[tokio::test]
async fn each_mode_accepts_what_libpq_accepts() {
    let project = Project::new();
    let cluster = project.cluster();
    let url = serve(&cluster).await;
    turn_tls_on(&cluster).await;
    let authority = format!("&sslrootcert={}", fixture("authority.crt"));
    let stranger = format!("&sslrootcert={}", fixture("stranger.crt"));

    for (host, parameters, encrypted) in [
        ("127.0.0.1", "", true),
        ("127.0.0.1", "&sslmode=disable", false),
        ("127.0.0.1", "&sslmode=allow", false),
        ("127.0.0.1", "&sslmode=require", true),
        ("127.0.0.1", &format!("&sslmode=verify-ca{authority}"), true),
        (
            "localhost",
            &format!("&sslmode=verify-full{authority}"),
            true,
        ),
        ("127.0.0.1", &format!("&sslmode=require{authority}"), true),
    ] {
        let session = try_connect(&url, host, parameters).await;
        let session = session.unwrap_or_else(|failure| panic!("{parameters}: {failure:?}"));
        assert_eq!(
            is_encrypted(&session).await,
            encrypted,
            "{host} {parameters}"
        );
    }
    for (host, parameters) in [
        // The certificate is for another name.
        ("127.0.0.1", &format!("&sslmode=verify-full{authority}")),
        ("localhost", &format!("&sslmode=verify-full{stranger}")),
        ("localhost", &format!("&sslmode=verify-ca{stranger}")),
        // A file that exists is checked against, in this mode too.
        ("localhost", &format!("&sslmode=require{stranger}")),
        (
            "localhost",
            &"&sslmode=verify-full&sslrootcert=/no/such/file".to_owned(),
        ),
    ] {
        let failure = try_connect(&url, host, parameters).await.unwrap_err();
        assert!(
            matches!(failure, ConnectFailure::Tls(_)),
            "{host} {parameters}: {failure:?}"
        );
    }

    let session = try_connect(&url, "127.0.0.1", "&sslmode=require")
        .await
        .unwrap();
    let handle = session.cancel_handle();
    let canceller = tokio::spawn(async move {
        tokio::time::sleep(std::time::Duration::from_millis(100)).await;
        handle.cancel().await
    });
    let error = session.execute("SELECT pg_sleep(30)").await.unwrap_err();
    assert!(error.is("57014"), "{error}");
    canceller.await.unwrap().unwrap();
}

#[tokio::test]
async fn a_server_without_tls_is_refused_only_when_tls_is_asked_for() {
    let project = Project::new();
    let url = serve(&project.cluster()).await;
    for parameters in ["", "&sslmode=prefer", "&sslmode=allow", "&sslmode=disable"] {
        let session = try_connect(&url, "127.0.0.1", parameters).await.unwrap();
        assert!(!is_encrypted(&session).await);
    }
    let failure = try_connect(&url, "127.0.0.1", "&sslmode=require")
        .await
        .unwrap_err();
    assert!(matches!(&failure, ConnectFailure::Tls(reason) if reason.contains("does not support")));
}
