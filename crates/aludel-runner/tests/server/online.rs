//! Online revisions that stop in the middle and go on with a second run, up and down.

use std::time::Duration;

use aludel_catalog::backfill::Backfill;
use aludel_runner::{LossPolicy, RunError};

use crate::support::{File, Place};

/// A filling that commits after each page, so that it can stop half done.
fn page_by_page(table: &str, column: &str) -> String {
    let sql = Backfill::new("public", table, column.to_owned()).sql();
    let short = sql.replace("constant bigint := 512", "constant bigint := 1");
    assert!(Backfill::parse(&short).is_some());
    short
}

fn filling() -> String {
    format!(
        "ALTER TABLE t ADD COLUMN u uuid;
ALTER TABLE t ALTER COLUMN u SET DEFAULT gen_random_uuid();

-- aludel: no-transaction
{};

ALTER TABLE t ADD CONSTRAINT t_u CHECK (u IS NOT NULL) NOT VALID;

-- aludel: commit
ALTER TABLE t VALIDATE CONSTRAINT t_u;

-- aludel: commit
ALTER TABLE t ALTER COLUMN u SET NOT NULL;
ALTER TABLE t DROP CONSTRAINT t_u;",
        page_by_page("t", "u")
    )
}

/// Ten pages and more of rows, and the revision that fills a column of them.
async fn many_rows() -> Place {
    let place = Place::new().await;
    let rows = "CREATE TABLE t (id int, name text); \
                INSERT INTO t SELECT n, repeat('x', 100) FROM generate_series(1, 1000) AS n";
    place.session.execute(rows).await.unwrap();
    let up = filling();
    place.write(
        &File::new("a1", &[], &up)
            .header("-- aludel: allow = [\"all\"]")
            .down("ALTER TABLE t DROP COLUMN u;"),
    );
    place
}

const FILLED: &str = "SELECT count(*) FROM t WHERE u IS NOT NULL";

/// What a second run must have made of it.
async fn is_whole(place: &Place) {
    assert_eq!(
        place.scalar("SELECT count(DISTINCT u) FROM t").await,
        "1000"
    );
    assert_eq!(
        place
            .rows("SELECT attnotnull FROM pg_attribute WHERE attrelid = 't'::regclass AND attname = 'u'")
            .await,
        ["t"]
    );
    assert_eq!(place.version_rows().await, ["a1"]);
}

#[tokio::test]
async fn a_filling_half_done_keeps_what_it_filled() {
    let place = many_rows().await;
    let other = place.other().await;
    let kept = "CREATE TABLE stop AS SELECT id FROM t WHERE id > 900; \
         CREATE FUNCTION stopped() RETURNS trigger LANGUAGE plpgsql AS \
         'BEGIN IF EXISTS (SELECT FROM stop WHERE stop.id = NEW.id) THEN RAISE ''not yet''; END IF; RETURN NEW; END'; \
         CREATE TRIGGER stopped BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION stopped()";
    other.execute(kept).await.unwrap();
    let RunError::Statement(failure) = place.upgrade("head").await.0.unwrap_err() else {
        panic!()
    };
    assert_eq!(failure.error.sqlstate, "P0001");
    let filled: u32 = place.scalar(FILLED).await.parse().unwrap();
    assert!(filled > 0 && filled <= 900, "{filled}");
    other
        .execute("CREATE TABLE before AS SELECT id, u FROM t WHERE u IS NOT NULL; DROP TABLE stop; DROP TRIGGER stopped ON t")
        .await
        .unwrap();
    place.upgrade("head").await.0.unwrap();
    is_whole(&place).await;
    let same = "SELECT count(*) FROM before JOIN t USING (id, u)";
    assert_eq!(place.scalar(same).await, filled.to_string());
    place.downgrade("base", LossPolicy::Allow).await.unwrap();
    assert!(place.version_rows().await.is_empty());
}

#[tokio::test]
async fn a_filling_whose_connection_is_lost_is_run_again() {
    let place = many_rows().await;
    let other = place.other().await;
    other
        .execute(
            "CREATE FUNCTION slow() RETURNS trigger LANGUAGE plpgsql AS \
             'BEGIN PERFORM pg_sleep(0.005); RETURN NEW; END'; \
             CREATE TRIGGER slow BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION slow()",
        )
        .await
        .unwrap();
    let first = place.other().await;
    let pid = first
        .scalar("SELECT pg_backend_pid()")
        .await
        .unwrap()
        .unwrap();
    let ((result, _), ()) = tokio::join!(place.upgrade_on(&first, "head"), async {
        // Until the first pages are committed there is nothing to lose.
        while other
            .scalar(FILLED)
            .await
            .ok()
            .flatten()
            .is_none_or(|filled| filled == "0")
        {
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
        let kill = format!("SELECT pg_terminate_backend({pid})");
        other.execute(&kill).await.unwrap();
    });
    let RunError::Statement(failure) = result.unwrap_err() else {
        panic!()
    };
    assert!(failure.error.connection_lost);
    let filled: u32 = place.scalar(FILLED).await.parse().unwrap();
    assert!(filled > 0 && filled < 1000, "{filled}");
    other.execute("DROP TRIGGER slow ON t").await.unwrap();
    place.upgrade("head").await.0.unwrap();
    is_whole(&place).await;
}

#[tokio::test]
async fn a_validation_that_fails_is_tried_again_alone() {
    let place = Place::new().await;
    let rows = "CREATE TABLE t (id int); INSERT INTO t VALUES (1), (-1)";
    place.session.execute(rows).await.unwrap();
    place.write(&File::new(
        "a1",
        &[],
        "CREATE INDEX CONCURRENTLY t_id ON t (id);
ALTER TABLE t ADD CONSTRAINT t_ck CHECK (id > 0) NOT VALID;

-- aludel: commit
ALTER TABLE t VALIDATE CONSTRAINT t_ck;",
    ));
    let RunError::Statement(failure) = place.upgrade("head").await.0.unwrap_err() else {
        panic!()
    };
    assert_eq!(failure.error.sqlstate, "23514");
    let standing = failure.standing.partly.unwrap();
    assert_eq!((standing.done, standing.segments), (2, 3));
    place
        .session
        .execute("DELETE FROM t WHERE id < 0")
        .await
        .unwrap();
    place.upgrade("head").await.0.unwrap();
    let valid = "SELECT convalidated FROM pg_constraint WHERE conname = 't_ck'";
    assert_eq!(place.rows(valid).await, ["t"]);
    assert_eq!(
        place.log().await,
        [
            "a1 upgrade 1 3 started",
            "a1 upgrade 1 3 done",
            "a1 upgrade 2 3 done",
            "a1 upgrade 3 3 done"
        ]
    );
}
