//! What may be lost: the gate on the way up, the counts on the way down.

use aludel_runner::{LossCount, LossPolicy, RunError};
use aludel_sql::Hazard;

use crate::support::{File, Place};

#[tokio::test]
async fn a_loss_needs_leave() {
    let place = Place::new().await;
    place.write(&File::new(
        "a1",
        &[],
        "CREATE TABLE users (id int, legacy text, old text);",
    ));
    let up = "CREATE TABLE later (id int);\nALTER TABLE public.users DROP COLUMN legacy, DROP COLUMN old;";
    place.write(&File::new("b2", &["a1"], up));
    let error = place.upgrade("head").await.0.unwrap_err();
    let RunError::NotAllowed {
        refusals,
        standing: None,
    } = error
    else {
        panic!("{error}")
    };
    let found: Vec<_> = refusals
        .iter()
        .map(|refusal| (refusal.hazard, refusal.object.as_str(), refusal.origin.line))
        .collect();
    assert_eq!(
        found,
        [
            (Hazard::DropColumn, "public.users.legacy", 8),
            (Hazard::DropColumn, "public.users.old", 8)
        ]
    );
    assert_eq!(
        place.scalar("SELECT to_regclass('users')").await,
        "",
        "nothing was run"
    );
    // The line that the refusal gives is the line that opens the gate.
    place.write(&File::new("b2", &["a1"], up).header(&refusals[0].allow_line));
    place.upgrade("head").await.0.unwrap();
}

#[tokio::test]
async fn a_type_is_judged_by_the_live_column() {
    let place = Place::new().await;
    place
        .session
        .execute("CREATE TABLE t (wide bigint, narrow smallint)")
        .await
        .unwrap();
    place.write(&File::new(
        "a1",
        &[],
        "ALTER TABLE t ALTER COLUMN narrow TYPE integer;",
    ));
    place.write(&File::new(
        "b2",
        &["a1"],
        "ALTER TABLE t ALTER COLUMN wide TYPE integer;",
    ));
    let error = place.upgrade("head").await.0.unwrap_err();
    let RunError::NotAllowed { refusals, .. } = error else {
        panic!("{error}")
    };
    assert_eq!(refusals.len(), 1);
    assert_eq!(refusals[0].object, "t.wide");
    assert_eq!(
        refusals[0].detail.as_deref(),
        Some("from bigint to integer")
    );
}

#[tokio::test]
async fn a_column_made_on_the_way_is_judged_on_the_way() {
    let place = Place::new().await;
    place.write(&File::new("a1", &[], "CREATE TABLE t (wide bigint);"));
    place.write(&File::new(
        "b2",
        &["a1"],
        "ALTER TABLE t ALTER COLUMN wide TYPE integer;",
    ));
    let error = place.upgrade("head").await.0.unwrap_err();
    let RunError::NotAllowed {
        standing: Some(standing),
        ..
    } = error
    else {
        panic!("{error}")
    };
    assert_eq!(standing.version_rows, ["a1"]);
    assert_eq!(place.version_rows().await, ["a1"]);
}

async fn filled() -> Place {
    let place = Place::new().await;
    place.write(
        &File::new(
            "a1",
            &[],
            "CREATE TABLE users (id int);\nINSERT INTO users VALUES (1), (2), (3);",
        )
        .down("DROP TABLE users;"),
    );
    place.write(
        &File::new(
            "b2",
            &["a1"],
            "ALTER TABLE users ADD COLUMN name text;\nUPDATE users SET name = 'x' WHERE id < 3;",
        )
        .down("ALTER TABLE users DROP COLUMN name;"),
    );
    place
        .write(&File::new("c3", &["b2"], "CREATE TABLE empty (id int);").down("DROP TABLE empty;"));
    place.upgrade("head").await.0.unwrap();
    place
}

#[tokio::test]
async fn a_downgrade_counts_what_it_would_lose() {
    let place = filled().await;
    let error = place
        .downgrade("base", LossPolicy::Refuse)
        .await
        .unwrap_err();
    let RunError::WouldLose(losses) = error else {
        panic!("{error}")
    };
    let counts: Vec<_> = losses
        .iter()
        .map(|loss| (loss.object.as_str(), loss.count.clone()))
        .collect();
    assert_eq!(
        counts,
        [
            ("empty", LossCount::Rows(0)),
            ("users.name", LossCount::Values(2)),
            ("users", LossCount::Rows(3))
        ]
    );
    assert_eq!(place.version_rows().await, ["c3"]);
}

#[tokio::test]
async fn a_downgrade_that_loses_nothing_asks_nobody() {
    let place = filled().await;
    place.downgrade("-1", LossPolicy::Refuse).await.unwrap();
    assert_eq!(place.version_rows().await, ["b2"]);
}

#[tokio::test]
async fn the_answer_decides() {
    let place = filled().await;
    let mut shown = 0;
    let mut no = |losses: &[aludel_runner::DowngradeLoss]| {
        shown = losses.len();
        false
    };
    let error = place
        .downgrade("a1", LossPolicy::Ask(&mut no))
        .await
        .unwrap_err();
    assert!(matches!(error, RunError::Declined(_)), "{error}");
    assert_eq!(shown, 2);
    assert_eq!(place.version_rows().await, ["c3"]);
    place
        .downgrade("a1", LossPolicy::Ask(&mut |_| true))
        .await
        .unwrap();
    assert_eq!(place.version_rows().await, ["a1"]);
}
