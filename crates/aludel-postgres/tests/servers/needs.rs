//! Roles and extensions that a script names and does not make.

use aludel_postgres::roles::{PrepareError, prepare};
use aludel_postgres::{Scratch, ScratchOptions};
use aludel_sql::Needs;

use crate::support::connect;

fn needs(roles: &[&str], extensions: &[&str]) -> Needs {
    let set = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect();
    Needs {
        roles: set(roles),
        extensions: set(extensions),
        ..Needs::default()
    }
}

#[tokio::test]
async fn missing_roles_are_made_bare() {
    let scratch = Scratch::start(&ScratchOptions::default()).await.unwrap();
    let session = connect(scratch.database().await.unwrap().url()).await;
    let needs = needs(&["App User", "aludel", "reader"], &["citext"]);
    prepare(&session, &needs, scratch.may_create_roles())
        .await
        .unwrap();
    prepare(&session, &needs, scratch.may_create_roles())
        .await
        .unwrap();
    let sql = "SELECT string_agg(rolname, ',' ORDER BY rolname) FROM pg_roles
               WHERE NOT rolcanlogin AND NOT rolsuper AND rolname !~ '^pg_'";
    assert_eq!(
        session.scalar(sql).await.unwrap().as_deref(),
        Some("App User,reader")
    );
}

#[tokio::test]
async fn what_cannot_be_made_is_named() {
    let scratch = Scratch::start(&ScratchOptions::default()).await.unwrap();
    let session = connect(scratch.database().await.unwrap().url()).await;
    let error = prepare(&session, &needs(&[], &["no_such_thing"]), true)
        .await
        .unwrap_err();
    let major = scratch.server_version_num() / 10_000;
    let package = format!("apt-get install postgresql-{major}-no-such-thing");
    assert!(error.hints()[0].contains(&package), "{:?}", error.hints());
    let error = prepare(&session, &needs(&["Reader"], &[]), false)
        .await
        .unwrap_err();
    assert!(
        matches!(&error, PrepareError::Roles(names) if names == &["Reader"]),
        "{error}"
    );
    assert!(
        error.hints()[0].contains("CREATE ROLE \"Reader\" NOLOGIN"),
        "{:?}",
        error.hints()
    );
}
