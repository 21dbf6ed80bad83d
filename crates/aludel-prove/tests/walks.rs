//! The stairway on a real server.
#![expect(
    clippy::unwrap_used,
    reason = "a test that cannot go on should stop where it stands"
)]

use aludel_postgres::{Hidden, Scratch, ScratchOptions};
use aludel_prove::{Stage, StairOptions, Verdict, Walked, differences, walk};
use aludel_revision::{History, Revision, Section};
use aludel_sql::needs;
use tempfile::TempDir;

/// Walks revisions given as `(upgrade, downgrade)`, named `r0`, `r1` and so on.
async fn walked(sections: &[(&str, Option<&str>)]) -> Walked {
    let folder = TempDir::new().unwrap();
    for (index, (up, down)) in sections.iter().enumerate() {
        let parents = if index == 0 {
            String::new()
        } else {
            format!("\"r{}\"", index - 1)
        };
        let mut text = format!(
            "-- aludel: revision = \"r{index}\"\n-- aludel: parents = [{parents}]\n-- aludel: message = \"step\"\n\n-- aludel: upgrade\n{up}\n"
        );
        if let Some(down) = down {
            text.push_str(&format!("\n-- aludel: downgrade\n{down}\n"));
        }
        std::fs::write(folder.path().join(format!("{index}.sql")), text).unwrap();
    }
    let history = History::load(&[folder.path().to_owned()]).unwrap();
    let revisions: Vec<&Revision> = history.iter_topological().collect();
    let statements = revisions.iter().flat_map(|revision| {
        let body = revision.body().unwrap();
        body.upgrade
            .statements()
            .chain(body.downgrade.iter().flat_map(Section::statements))
    });
    let options = StairOptions {
        search_path: "public".to_owned(),
        hidden: Hidden::default(),
        needs: needs(statements),
        beneath: Vec::new(),
    };
    let scratch = Scratch::start(&ScratchOptions::default()).await.unwrap();
    let mut told = 0;
    let walked = walk(&scratch, &revisions, &options, &mut |_| told += 1)
        .await
        .unwrap();
    assert_eq!(told, sections.len());
    scratch.stop().await.unwrap();
    walked
}

fn summaries(walked: &Walked) -> Vec<String> {
    walked
        .findings
        .iter()
        .map(|finding| finding.verdict.summary())
        .collect()
}

#[tokio::test]
async fn a_good_history_goes_up_down_and_up() {
    let walked = walked(&[
        (
            "CREATE TABLE t (id int PRIMARY KEY);",
            Some("DROP TABLE t;"),
        ),
        (
            "CREATE INDEX CONCURRENTLY ix ON t (id);",
            Some("DROP INDEX CONCURRENTLY ix;"),
        ),
        ("INSERT INTO t VALUES (1);", Some("DELETE FROM t;")),
        (
            "GRANT SELECT ON t TO reader;",
            Some("REVOKE SELECT ON t FROM reader;"),
        ),
    ])
    .await;
    assert!(
        walked
            .findings
            .iter()
            .all(|finding| matches!(finding.verdict, Verdict::Reversible)),
        "{:?}",
        summaries(&walked)
    );
    assert!(walked.end.is_some());
}

#[tokio::test]
async fn what_a_downgrade_forgets_is_named_and_does_not_hide_what_follows() {
    let walked = walked(&[
        (
            "CREATE TABLE t (id int);\nCREATE TABLE left_behind (id int);",
            Some("DROP TABLE t;"),
        ),
        (
            "ALTER TABLE t ADD COLUMN name text;",
            Some("ALTER TABLE t DROP COLUMN name;"),
        ),
    ])
    .await;
    let Verdict::Differs(Stage::Down, lines) = &walked.findings[0].verdict else {
        panic!()
    };
    assert!(
        lines
            .iter()
            .any(|line| line.contains("left_behind") && line.ends_with("should not be there")),
        "{lines:?}"
    );
    assert!(
        matches!(walked.findings[1].verdict, Verdict::Reversible),
        "{:?}",
        summaries(&walked)
    );
}

#[tokio::test]
async fn a_failure_names_the_statement_and_its_line() {
    let walked = walked(&[
        ("CREATE TABLE t (id int);", Some("DROP TABLE t;")),
        ("SELECT 1;\nSELECT 1/0;", Some("")),
        ("CREATE TABLE u (id int);", Some("DROP TABLE u;")),
    ])
    .await;
    let Verdict::Failed(Stage::Up, _) = &walked.findings[1].verdict else {
        panic!()
    };
    let evidence = walked.findings[1].verdict.evidence();
    assert!(evidence[0].ends_with("1.sql:7"), "{evidence:?}");
    assert_eq!(
        evidence[1..],
        ["SELECT 1/0", "ERROR: division by zero (22012)"]
    );
    assert!(matches!(walked.findings[2].verdict, Verdict::NotReached));
    assert!(walked.end.is_none());
}

#[tokio::test]
async fn a_failing_downgrade_is_not_a_failing_history() {
    let walked = walked(&[
        ("CREATE TABLE t (id int);", Some("DROP TABLE nowhere;")),
        ("CREATE TABLE u (id int);", Some("DROP TABLE u;")),
    ])
    .await;
    assert!(matches!(
        walked.findings[0].verdict,
        Verdict::Failed(Stage::Down, _)
    ));
    assert!(
        matches!(walked.findings[1].verdict, Verdict::Reversible),
        "{:?}",
        summaries(&walked)
    );
}

#[tokio::test]
async fn irreversible_revisions_are_said_to_be() {
    let walked = walked(&[
        ("CREATE TABLE t (id int);", None),
        ("CREATE TABLE u (id int);", Some("DROP TABLE u;")),
    ])
    .await;
    assert_eq!(
        summaries(&walked),
        [
            "goes up; it has no downgrade",
            "goes up, down and up; the catalogs are equal"
        ]
    );
}

#[tokio::test]
async fn the_order_of_columns_does_not_count() {
    let walked = walked(&[
        ("CREATE TABLE t (a int, b text);", Some("DROP TABLE t;")),
        (
            "ALTER TABLE t DROP COLUMN a;",
            Some("ALTER TABLE t ADD COLUMN a int;"),
        ),
    ])
    .await;
    assert!(
        matches!(walked.findings[1].verdict, Verdict::Reversible),
        "{:?}",
        walked.findings[1].verdict.evidence()
    );
}

#[tokio::test]
async fn the_end_can_be_compared_with_another_catalog() {
    let one = walked(&[("CREATE TABLE t (id int);", Some("DROP TABLE t;"))]).await;
    let two = walked(&[(
        "CREATE TABLE t (id bigint, name text);",
        Some("DROP TABLE t;"),
    )])
    .await;
    let (one, two) = (one.end.unwrap(), two.end.unwrap());
    assert!(differences(&one, &one).is_empty());
    let lines = differences(&one, &two);
    assert_eq!(lines.len(), 2, "{lines:?}");
}
