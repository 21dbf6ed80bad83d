//! Scripts and where they are cut.

use super::*;

fn texts(script: &str) -> Vec<&str> {
    let spans = split_ranges(script).unwrap();
    spans.into_iter().map(|span| &script[span.range]).collect()
}

fn error(script: &str) -> String {
    split(script, Some("a.sql")).unwrap_err().to_string()
}

#[test]
fn one_script_a_line() {
    let cases: &[(&str, &[&str])] = &[
        ("", &[]),
        (" ;; ; -- x\n /* ; */", &[]),
        ("select 1", &["select 1"]),
        (
            "-- head\nselect 1 -- tail\n; select 2",
            &["select 1", "select 2"],
        ),
        ("\u{feff}select 1;", &["select 1"]),
        ("select ';';select \";\"", &["select ';'", "select \";\""]),
        ("select 'a''; b'; c", &["select 'a''; b'", "c"]),
        ("select E'a\\'; b'; c", &["select E'a\\'; b'", "c"]),
        ("select '\\'; c", &["select '\\'", "c"]),
        ("select \"🦀 \"\";\"; c", &["select \"🦀 \"\";\"", "c"]),
        ("do $$ begin; end $$; c", &["do $$ begin; end $$", "c"]),
        ("do $é$ ; $$ ; $é$; c", &["do $é$ ; $$ ; $é$", "c"]),
        ("/* ; /* ; */ ; */ a; b", &["a", "b"]),
        ("select a$b; select c$b", &["select a$b", "select c$b"]),
        (
            "select 1;\r\n-- x\r\nselect 2;\r\n",
            &["select 1", "select 2"],
        ),
        (
            "create rule r as on insert to t do also (select 1; select 2); c",
            &[
                "create rule r as on insert to t do also (select 1; select 2)",
                "c",
            ],
        ),
        ("begin; select 1; end;", &["begin", "select 1", "end"]),
        (
            "copy t to stdout; copy t from '/a'",
            &["copy t to stdout", "copy t from '/a'"],
        ),
        ("select 5-- 3;\n; a", &["select 5", "a"]),
        (
            "select 1;-- aludel: commit\nselect 2",
            &["select 1", "select 2"],
        ),
    ];
    for (script, expected) in cases {
        assert_eq!(&texts(script), expected, "{script}");
    }
}

#[test]
fn atomic_bodies_are_one_statement() {
    let body = "BEGIN ATOMIC SELECT CASE WHEN true THEN 1 END AS end, x.end; SELECT 2; END";
    for head in [
        "CREATE FUNCTION f() RETURNS int",
        "create or replace procedure s.p()",
    ] {
        let script = format!("{head} {body}; SELECT 3");
        assert_eq!(
            texts(&script),
            [format!("{head} {body}").as_str(), "SELECT 3"]
        );
    }
    let parameter = "create function begin(atomic int) returns int return 1; b";
    assert_eq!(texts(parameter).len(), 2);
}

#[test]
fn lines_are_those_of_the_first_token() {
    let spans = split_ranges("-- one\r\na\r\n;\r\n\r\n/* \n */ b '\n'; c").unwrap();
    let lines: Vec<u32> = spans.iter().map(|span| span.line).collect();
    assert_eq!(lines, [2, 6, 7]);
}

#[test]
fn what_psql_alone_can_read_is_an_error_with_its_line() {
    assert_eq!(
        texts("\\restrict abc\nselect 1;\n\\unrestrict abc\n"),
        ["select 1"]
    );
    assert_eq!(
        error("select 1;\n\\connect app\n"),
        "a.sql:2: \\connect is a psql command, not SQL"
    );
    assert_eq!(
        error("select 1\n\\restrict x"),
        "a.sql:2: \\restrict is a psql command, not SQL"
    );
    assert_eq!(
        error("select 1;\n\ncopy public.t (a, b)\nfrom stdin;\n1\t2\n\\.\n"),
        "a.sql:3: COPY … FROM STDIN needs rows that stand in the script; use INSERT"
    );
}

#[test]
fn what_is_never_closed_is_named_where_it_opens() {
    assert_eq!(error("a;\nb 'x\n\n"), "a.sql:2: unterminated string");
    assert_eq!(error("\n\"x"), "a.sql:2: unterminated quoted identifier");
    assert_eq!(error("\n\n/* /* */"), "a.sql:3: unterminated block comment");
    assert_eq!(
        error("a $f$ $$"),
        "a.sql:1: unterminated dollar-quoted string"
    );
    let routine = "create function f() returns int\nbegin atomic select case when a then b end;";
    assert_eq!(error(routine), "a.sql:2: unterminated BEGIN ATOMIC body");
}

#[test]
fn directives_stand_outside_everything_else() {
    let script = "-- aludel: upgrade\nselect '\n-- aludel: a\n', $$\n-- aludel: b\n$$ /*\n-- aludel: c\n*/\n  --  aludel:  commit  \r\ncreate function f() returns int begin atomic\n-- aludel: d\nselect 1; end; x -- aludel: e\n";
    let found = directive::directives(script);
    let bodies: Vec<(&str, u32, bool)> = found
        .iter()
        .map(|one| (one.body.as_str(), one.line, one.own_line))
        .collect();
    assert_eq!(
        bodies,
        [("upgrade", 1, true), ("commit", 9, true), ("e", 12, false)]
    );
    assert_eq!(&script[found[1].range.clone()], "--  aludel:  commit  ");
    // A directive ends the statement before it, semicolon or not.
    assert_eq!(pieces(script).unwrap().len(), 6);
}
