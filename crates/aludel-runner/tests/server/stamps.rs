//! Stamping changes rows and runs nothing.

use aludel_runner::{Outcome, RunError, Runner, StampOptions};

use crate::support::{File, Place};

async fn stamp(place: &Place, target: &str, purge: bool) -> Result<Outcome, RunError> {
    let history = place.history();
    let runner = Runner::new(&place.session, &history, place.settings.clone());
    runner
        .stamp(&[target], StampOptions { purge }, &mut |_| ())
        .await
}

async fn place() -> Place {
    let place = Place::new().await;
    place.write(&File::new("a1", &[], "CREATE TABLE t (id int);"));
    place.write(&File::new("b2", &["a1"], "CREATE TABLE u (id int);"));
    place
}

#[tokio::test]
async fn rows_change_and_nothing_runs() {
    let place = place().await;
    assert_eq!(stamp(&place, "head", false).await.unwrap().after, ["b2"]);
    assert_eq!(place.version_rows().await, ["b2"]);
    assert_eq!(place.scalar("SELECT to_regclass('t')").await, "");
    stamp(&place, "a1", false).await.unwrap();
    assert_eq!(place.version_rows().await, ["a1"]);
    stamp(&place, "base", false).await.unwrap();
    assert!(place.version_rows().await.is_empty());
    assert_eq!(
        place.log().await,
        [
            "b2 stamp 0 0 done",
            "a1 stamp 0 0 done",
            "b2 stamp 0 0 done",
            "a1 stamp 0 0 done"
        ]
    );
}

#[tokio::test]
async fn a_row_that_no_file_is_is_purged() {
    let place = place().await;
    stamp(&place, "a1", false).await.unwrap();
    place
        .session
        .execute("UPDATE alembic_version SET version_num = 'gone'")
        .await
        .unwrap();
    assert!(matches!(
        stamp(&place, "b2", false).await,
        Err(RunError::UnknownRows { .. })
    ));
    stamp(&place, "b2", true).await.unwrap();
    assert_eq!(place.version_rows().await, ["b2"]);
}
