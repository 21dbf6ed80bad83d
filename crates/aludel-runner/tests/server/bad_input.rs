//! Databases that make no sense, roles without rights, servers that take no writes.

use aludel_postgres::{ConnectOptions, Session};
use aludel_runner::{LossPolicy, RunError};

use crate::support::{File, Place};

async fn stamped(rows: &[&str]) -> Place {
    let place = Place::new().await;
    place.write(&File::new("a1", &[], ""));
    place.write(&File::new("b2", &["a1"], ""));
    place.write(&File::new("c3", &["b2"], ""));
    place
        .session
        .execute("CREATE TABLE alembic_version (version_num varchar(32) PRIMARY KEY)")
        .await
        .unwrap();
    for row in rows {
        place
            .session
            .execute(&format!("INSERT INTO alembic_version VALUES ('{row}')"))
            .await
            .unwrap();
    }
    place
}

#[tokio::test]
async fn a_row_that_no_file_is() {
    let place = stamped(&["gone"]).await;
    let error = place.upgrade("head").await.0.unwrap_err();
    assert_eq!(
        error.to_string(),
        "public.alembic_version names gone, which no migration file has"
    );
}

#[tokio::test]
async fn rows_that_are_not_heads() {
    let place = stamped(&["a1", "b2"]).await;
    let error = place.upgrade("head").await.0.unwrap_err();
    assert_eq!(
        error.to_string(),
        "public.alembic_version has rows that are not heads: a1 is contained in b2"
    );
}

#[tokio::test]
async fn a_database_that_alembic_made_is_taken_on() {
    let place = stamped(&["b2"]).await;
    place.upgrade("head").await.0.unwrap();
    assert_eq!(place.version_rows().await, ["c3"]);
    assert_eq!(place.log().await, ["c3 upgrade 1 1 done"]);
}

#[tokio::test]
async fn a_read_only_database() {
    let place = stamped(&["a1"]).await;
    place
        .session
        .execute("SET default_transaction_read_only = on")
        .await
        .unwrap();
    let error = place.upgrade("head").await.0.unwrap_err();
    assert!(
        matches!(error, RunError::ReadOnly { standby: false, .. }),
        "{error}"
    );
    place
        .session
        .execute("SET default_transaction_read_only = off")
        .await
        .unwrap();
}

/// A session of a role that may log in and no more.
async fn weak(place: &Place) -> Session {
    place
        .session
        .execute("CREATE ROLE weak LOGIN; REVOKE CREATE ON SCHEMA public FROM PUBLIC")
        .await
        .unwrap();
    let url = place.url();
    let text = url
        .to_connection_string()
        .replacen(&format!("//{}", url.user()), "//weak", 1);
    let url = aludel_postgres::DatabaseUrl::parse(&text).unwrap();
    assert_eq!(url.user(), "weak", "{text}");
    Session::connect(&url, &ConnectOptions::default())
        .await
        .unwrap()
}

#[tokio::test]
async fn a_role_that_may_not_create_tables() {
    let place = Place::new().await;
    place.write(&File::new("a1", &[], "SELECT 1;"));
    let session = weak(&place).await;
    let error = place.upgrade_on(&session, "head").await.0.unwrap_err();
    let RunError::MayNotWrite { what, grant, .. } = error else {
        panic!("{error}")
    };
    assert_eq!(what, "create tables in schema public");
    assert_eq!(grant, "GRANT CREATE, USAGE ON SCHEMA public TO weak");
}

#[tokio::test]
async fn a_role_that_may_not_create_a_schema_logs_beside_the_version_table() {
    let place = Place::new().await;
    place.write(&File::new("a1", &[], "CREATE TABLE t (id int);"));
    let session = weak(&place).await;
    place
        .session
        .execute("GRANT CREATE ON SCHEMA public TO weak")
        .await
        .unwrap();
    place.upgrade_on(&session, "head").await.0.unwrap();
    assert_eq!(
        place
            .rows("SELECT revision, role FROM public.aludel_log")
            .await,
        ["a1 weak"]
    );
    assert!(
        place
            .upgrade_on(&session, "head")
            .await
            .0
            .unwrap()
            .revisions
            .is_empty()
    );
}

#[tokio::test]
async fn a_role_that_may_not_read_the_version_table() {
    let place = stamped(&["a1"]).await;
    let session = weak(&place).await;
    let error = place.upgrade_on(&session, "head").await.0.unwrap_err();
    assert!(matches!(error, RunError::MayNotRead { .. }), "{error}");
    place
        .session
        .execute("GRANT SELECT ON alembic_version TO weak")
        .await
        .unwrap();
    let error = place.upgrade_on(&session, "head").await.0.unwrap_err();
    let RunError::MayNotWrite { grant, .. } = error else {
        panic!("{error}")
    };
    assert!(grant.starts_with("GRANT SELECT, INSERT, UPDATE, DELETE ON public.alembic_version"));
}

#[tokio::test]
async fn a_file_with_no_downgrade() {
    let place = Place::new().await;
    place.write(
        &File {
            down: None,
            ..File::new("a1", &[], "CREATE TABLE t (id int);")
        }
        .header("-- aludel: irreversible = \"ids were hashed\""),
    );
    place.write(&File::new("b2", &["a1"], "CREATE TABLE u (id int);").down("DROP TABLE u;"));
    place.upgrade("head").await.0.unwrap();
    let error = place
        .downgrade("base", LossPolicy::Allow)
        .await
        .unwrap_err();
    let RunError::Irreversible {
        revision, reason, ..
    } = error
    else {
        panic!("{error}")
    };
    assert_eq!(
        (revision.as_str(), reason.as_deref()),
        ("a1", Some("ids were hashed"))
    );
    assert_eq!(place.version_rows().await, ["b2"], "nothing was run");
}

#[tokio::test]
async fn somebody_else_moves_the_version_row_meanwhile() {
    let place = stamped(&["a1"]).await;
    place.write(&File::new(
        "b2",
        &["a1"],
        "CREATE TABLE t (id int);\nSELECT pg_sleep(0.5);",
    ));
    let other = place.other().await;
    let ((result, _), ()) = tokio::join!(place.upgrade("b2"), async {
        tokio::time::sleep(std::time::Duration::from_millis(200)).await;
        other
            .execute("UPDATE alembic_version SET version_num = 'c3'")
            .await
            .unwrap();
    });
    let RunError::HeadsMoved {
        expected, standing, ..
    } = result.unwrap_err()
    else {
        panic!()
    };
    assert_eq!(
        (expected, &standing.version_rows),
        (vec!["a1".to_owned()], &vec!["c3".to_owned()])
    );
    assert_eq!(place.scalar("SELECT to_regclass('t')").await, "");
}

#[tokio::test]
async fn an_unknown_target_is_told_before_anything_runs() {
    let place = stamped(&["a1"]).await;
    assert!(matches!(
        place.upgrade("zz").await.0,
        Err(RunError::Target(_))
    ));
    assert_eq!(place.scalar("SELECT to_regnamespace('aludel')").await, "");
}

#[tokio::test]
async fn a_connection_lost_in_a_transaction_leaves_nothing() {
    let place = stamped(&["a1"]).await;
    place.write(&File::new(
        "b2",
        &["a1"],
        "CREATE TABLE t (id int);\nSELECT pg_sleep(30);",
    ));
    let first = place.other().await;
    let pid = first
        .scalar("SELECT pg_backend_pid()")
        .await
        .unwrap()
        .unwrap();
    let ((result, _), ()) = tokio::join!(place.upgrade_on(&first, "b2"), async {
        tokio::time::sleep(std::time::Duration::from_millis(300)).await;
        place
            .session
            .execute(&format!("SELECT pg_terminate_backend({pid})"))
            .await
            .unwrap();
    });
    let RunError::Statement(failure) = result.unwrap_err() else {
        panic!()
    };
    assert!(failure.error.connection_lost && !failure.standing.unknown);
    assert_eq!(failure.statement, "SELECT pg_sleep(30)");
    assert_eq!(place.scalar("SELECT to_regclass('t')").await, "");
    assert_eq!(place.version_rows().await, ["a1"]);
}

#[tokio::test]
async fn a_statement_that_takes_too_long() {
    let mut place = stamped(&["a1"]).await;
    place.settings.statement_timeout = std::time::Duration::from_millis(200);
    place.write(&File::new("b2", &["a1"], "SELECT pg_sleep(30);"));
    let RunError::Statement(failure) = place.upgrade("b2").await.0.unwrap_err() else {
        panic!()
    };
    assert_eq!(
        (failure.error.sqlstate.as_str(), failure.attempts),
        ("57014", 1)
    );
}
