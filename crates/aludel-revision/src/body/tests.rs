//! Whole files: what is read of them and what is wrong with them.

use aludel_sql::Hazard;

use crate::header::Allow;
use crate::testing::{id, ids, revision};

const HEAD: &str = "-- aludel: revision = \"a\"\n-- aludel: parents = []\n";

fn fault(text: &str) -> String {
    revision(text).unwrap_err().to_string()
}

/// The statements of each segment, those that run alone marked.
fn segments(upgrade: &str) -> Vec<String> {
    let read = revision(&format!("{HEAD}-- aludel: upgrade\n{upgrade}")).unwrap();
    let body = read.body().unwrap();
    let segments = body.upgrade.segments.iter().map(|segment| {
        let texts: Vec<&str> = segment
            .statements
            .iter()
            .map(|one| one.text.as_str())
            .collect();
        format!(
            "{}{}",
            if segment.alone { "!" } else { "" },
            texts.join("; ")
        )
    });
    segments.collect()
}

#[test]
fn a_file_is_read_as_the_design_says() {
    let text = "\
-- A note on top.
-- aludel: revision = \"ae1027a6acf0\"
-- aludel: parents = [\"1975ea83b712\"] # a comment
-- aludel: created = 2026-11-22T18:30:00Z
-- aludel: message = \"add \\\"order\\\" total\"
-- aludel: labels = [\"shop\"]
-- aludel: depends-on = [\"x1\", \"x2\"]
/* another -- aludel: note */
-- aludel: allow = [{ hazard = \"drop-column\", object = \"public.users.legacy\", reason = \"unused\" }]

-- aludel: upgrade
ALTER TABLE public.orders ADD COLUMN total numeric(12,2);
SELECT ' -- aludel: commit
';

-- aludel: downgrade
ALTER TABLE public.orders DROP COLUMN total
";
    for text in [
        text.to_owned(),
        text.replace('\n', "\r\n"),
        format!("\u{feff}{text}"),
    ] {
        let read = revision(&text).unwrap();
        let header = &read.header;
        assert_eq!(header.revision, id("ae1027a6acf0"));
        assert_eq!(
            (&header.parents, &header.depends_on),
            (&ids("1975ea83b712"), &ids("x1 x2"))
        );
        assert_eq!(header.created, "2026-11-22T18:30:00Z");
        assert_eq!(header.message, "add \"order\" total");
        let (object, reason) = ("public.users.legacy".to_owned(), "unused".to_owned());
        assert_eq!(
            header.allow,
            [Allow::One {
                hazard: Hazard::DropColumn,
                object,
                reason
            }]
        );
        assert!(header.allows(Hazard::DropColumn, "users.legacy", "public"));
        assert!(!header.allows(Hazard::DropTable, "users.legacy", "public"));
        let body = read.body().unwrap();
        let lines: Vec<u32> = body
            .upgrade
            .statements()
            .map(|one| one.origin.line)
            .collect();
        assert_eq!(lines, [12, 13]);
        let down = body.downgrade.as_ref().unwrap();
        assert_eq!(down.line, 16);
        assert_eq!(
            down.segments[0].statements[0].origin.to_string(),
            "r.sql:17"
        );
        assert_eq!(read.text().unwrap(), text);
    }
    let lf = revision(text).unwrap().checksum().unwrap();
    assert_eq!(
        lf,
        revision(&text.replace('\n', "\r\n"))
            .unwrap()
            .checksum()
            .unwrap()
    );
    assert_eq!(
        crate::revision::checksum("abc\r\n"),
        "edeaaff3f1774ad2888673770c6d64097e391bc362d7d6fb34982ddf0efd18cb"
    );
}

#[test]
fn sections_are_cut_into_segments() {
    assert_eq!(segments("a; b"), ["a; b"]);
    assert_eq!(segments("a;\n-- aludel: commit\nb; c"), ["a", "b; c"]);
    assert_eq!(
        segments("a\n-- aludel: commit\n\n-- aludel: commit\nb"),
        ["a", "b"]
    );
    assert_eq!(segments("-- aludel: commit\na\n-- aludel: commit\n"), ["a"]);
    assert_eq!(
        segments("a;\n-- aludel: no-transaction\nb; c; d"),
        ["a", "!b", "c; d"]
    );
    let index = "CREATE INDEX CONCURRENTLY i ON t (a)";
    assert_eq!(
        segments(&format!("a; {index}; {index}; b")),
        ["a", &format!("!{index}"), &format!("!{index}"), "b"]
    );
    assert_eq!(segments("-- nothing\n"), [] as [&str; 0]);
}

#[test]
fn a_way_down_may_be_absent_or_empty() {
    let absent = revision(&format!("{HEAD}-- aludel: upgrade\nx;")).unwrap();
    assert!(absent.body().unwrap().downgrade.is_none());
    let empty = revision(&format!(
        "{HEAD}-- aludel: downgrade\n\n-- aludel: upgrade\nx;"
    ))
    .unwrap();
    assert!(empty.body().unwrap().downgrade.as_ref().unwrap().is_empty());
}

#[test]
fn faults_of_the_header_name_their_line() {
    let with = |line: &str| fault(&format!("{HEAD}-- aludel: {line}\n-- aludel: upgrade\n"));
    for (line, expected) in [
        (
            "mesage = \"x\"",
            "r.sql:3: the header key \"mesage\" does not exist; did you mean \"message\"?",
        ),
        (
            "colour = \"x\"",
            "r.sql:3: the header key \"colour\" does not exist",
        ),
        ("parents = []", "r.sql:3: the header has \"parents\" twice"),
        (
            "labels = \"x\"",
            "r.sql:3: \"labels\" wants a list of strings, such as [\"…\"]",
        ),
        (
            "depends-on = [\"a:b\"]",
            "r.sql:3: the revision id \"a:b\" contains ':', which a target gives another meaning",
        ),
        (
            "allow = [\"everything\"]",
            "r.sql:3: \"allow\" wants a list of { hazard = \"…\", object = \"…\", reason = \"…\" }",
        ),
        (
            "allow = [{ hazard = \"drop-colum\", object = \"a\", reason = \"b\" }]",
            "r.sql:3: the hazard \"drop-colum\" does not exist; did you mean \"drop-column\"?",
        ),
        (
            "allow = [{ hazard = \"delete\", object = \"a\", reason = \" \" }]",
            "r.sql:3: \"allow\" wants a reason in each entry, such as reason = \"unused since 2025\"",
        ),
        (
            "allow = [{ hazard = \"delete\", objekt = \"a\" }]",
            "r.sql:3: the header key \"objekt\" does not exist; did you mean \"object\"?",
        ),
        (
            "upgrad",
            "r.sql:3: the directive \"upgrad\" does not exist; did you mean \"upgrade\"?",
        ),
        (
            "commit",
            "r.sql:3: \"commit\" belongs into a section, below `-- aludel: upgrade` or `-- aludel: downgrade`",
        ),
        (
            "message",
            "r.sql:3: the directive \"message\" does not exist; did you mean \"message\"?",
        ),
    ] {
        assert_eq!(with(line), expected);
    }
    assert!(with("message = x").starts_with("r.sql:3: the value of \"message\" is not TOML: "));
    assert_eq!(
        fault("SELECT 1;\n"),
        "r.sql:1: the file has no header; its first line would be `-- aludel: revision = \"…\"`"
    );
    assert_eq!(
        fault(&format!("{HEAD}SELECT 1;\n")),
        "r.sql:3: SQL stands above the first section; it belongs below `-- aludel: upgrade`"
    );
    assert_eq!(
        fault("-- aludel: revision = \"a\"\n-- aludel: upgrade\n"),
        "r.sql:2: the header has no \"parents\""
    );
    assert_eq!(
        fault("-- aludel: revision = \"head\"\n"),
        "r.sql:1: \"head\" names a place in the history and cannot be a revision id"
    );
    assert_eq!(fault(HEAD), "r.sql:3: the file has no `-- aludel: upgrade`");
}

#[test]
fn faults_of_the_sections_name_their_line() {
    let with = |sql: &str| fault(&format!("{HEAD}-- aludel: upgrade\n{sql}"));
    for (sql, expected) in [
        (
            "a;\nBEGIN;\n",
            "r.sql:5: BEGIN cannot stand in a revision, whose transactions are Aludel's; `-- aludel: commit` starts a new one",
        ),
        (
            "commit work;\n",
            "r.sql:4: commit work cannot stand in a revision, whose transactions are Aludel's; `-- aludel: commit` starts a new one",
        ),
        ("\n\\d\n", "r.sql:5: \\d is a psql command, not SQL"),
        (
            "COPY t FROM stdin;\n1\n\\.\n",
            "r.sql:4: COPY … FROM STDIN needs rows that stand in the script; use INSERT",
        ),
        ("a 'b\n", "r.sql:4: unterminated string"),
        (
            "a; -- aludel: commit\n",
            "r.sql:4: the directive \"commit\" must stand on a line of its own",
        ),
        (
            "-- aludel: comit\n",
            "r.sql:4: the directive \"comit\" does not exist; did you mean \"commit\"?",
        ),
        (
            "-- aludel: message = \"x\"\n",
            "r.sql:4: the header key \"message\" stands below the first section; it belongs above `-- aludel: upgrade`",
        ),
        (
            "-- aludel: no-transaction\n",
            "r.sql:4: no statement follows \"no-transaction\"",
        ),
        (
            "-- aludel: no-transaction\n-- aludel: downgrade\n",
            "r.sql:4: no statement follows \"no-transaction\"",
        ),
        (
            "-- aludel: upgrade\n",
            "r.sql:4: the section \"upgrade\" is there twice",
        ),
    ] {
        assert_eq!(with(sql), expected);
    }
    let irreversible =
        "-- aludel: irreversible = \"x\"\n-- aludel: upgrade\n-- aludel: downgrade\n";
    assert_eq!(
        fault(&format!("{HEAD}{irreversible}")),
        "r.sql:5: the header says \"irreversible\", yet the file has a downgrade section"
    );
    assert_eq!(
        fault(&format!("{HEAD}-- aludel: downgrade\n")),
        "r.sql:1: the file has no `-- aludel: upgrade`"
    );
}
