//! `--sql`: the script leads `psql` to the state that a run leads to.

use std::io::Write as _;
use std::process::{Command, Stdio};

use aludel_revision::RevisionId;
use aludel_runner::{Gate, downgrade_script, upgrade_script};

use crate::support::{File, Place};

fn psql(place: &Place, script: &str) -> Result<(), String> {
    let mut child = Command::new("psql")
        .args(["-X", "-q", "-v", "ON_ERROR_STOP=1", "-d"])
        .arg(place.url().to_connection_string())
        .stdin(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    child
        .stdin
        .take()
        .unwrap()
        .write_all(script.as_bytes())
        .unwrap();
    let output = child.wait_with_output().unwrap();
    if output.status.success() {
        Ok(())
    } else {
        Err(String::from_utf8_lossy(&output.stderr).into_owned())
    }
}

fn files(place: &Place) {
    place.write(
        &File::new(
            "a1",
            &[],
            "CREATE SCHEMA app;\nCREATE TABLE app.t (id int);\nSET lock_timeout = 0;",
        )
        .down("DROP TABLE app.t;\nDROP SCHEMA app;"),
    );
    place.write(
        &File::new(
            "b2",
            &["a1"],
            "CREATE INDEX CONCURRENTLY ix ON app.t (id);\nINSERT INTO app.t VALUES (1);",
        )
        .down("DELETE FROM app.t;\nDROP INDEX app.ix;"),
    );
}

const ROWS: &str = "SELECT revision, direction, segment, segments, outcome, checksum, segment_checksum, version_table, tool \
     FROM aludel.log WHERE outcome = 'done' ORDER BY id";

#[tokio::test]
async fn a_script_leads_to_the_same_state() {
    let by_run = Place::new().await;
    files(&by_run);
    by_run.upgrade("head").await.0.unwrap();
    let by_psql = Place::new().await;
    files(&by_psql);
    let history = by_psql.history();
    let script =
        upgrade_script(&history, &by_psql.settings, &[], "head", Gate::Closed, None).unwrap();
    psql(&by_psql, &script).unwrap();
    assert_eq!(by_psql.rows(ROWS).await, by_run.rows(ROWS).await);
    assert_eq!(by_psql.version_rows().await, ["b2"]);
    assert!(
        by_psql
            .upgrade("head")
            .await
            .0
            .unwrap()
            .revisions
            .is_empty()
    );
    let again = psql(&by_psql, &script).unwrap_err();
    assert!(
        again.contains("public.alembic_version does not stand at base"),
        "{again}"
    );
    let head = [RevisionId::new("b2").unwrap()];
    let back = downgrade_script(&history, &by_psql.settings, &head, "base", None).unwrap();
    psql(&by_psql, &back).unwrap();
    assert!(by_psql.version_rows().await.is_empty());
    assert_eq!(by_psql.scalar("SELECT to_regnamespace('app')").await, "");
}
