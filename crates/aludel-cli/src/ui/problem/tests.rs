//! Every kind of error of the graph, of targets, of places and of files, as a person and as a program reads it; and that
//! each says what to do next. `tests/golden/errors-kinds*.txt` hold the texts, `SNAPSHOTS=overwrite` writes them.

use std::path::{Path, PathBuf};

use aludel_revision::id::InvalidId;
use aludel_revision::{
    Direction, FileError, FileFault, HistoryError, MergeError, Place, PlacementError, RebaseError,
    RevisionId, SquashError, TargetError, WriteError,
};
use aludel_runner::RunError;
use aludel_sql::SplitFault;
use aludel_sql::token::Unclosed;

use crate::ui::problem::Problem;
use crate::ui::theme::Theme;

/// Lists an example of each variant. The match has no other arm, so that a variant without an example does not compile.
macro_rules! every {
    ($error:ty: $($pattern:pat => $example:expr),+ $(,)?) => {{
        fn is_listed(error: &$error) {
            match error {
                $($pattern => {})+
            }
        }
        let all: Vec<$error> = vec![$($example),+];
        all.iter().for_each(is_listed);
        all.into_iter().map(Problem::from).collect::<Vec<_>>()
    }};
}

fn id(name: &str) -> RevisionId {
    RevisionId::from_database(name)
}

fn ids(names: &str) -> Vec<RevisionId> {
    names.split_whitespace().map(id).collect()
}

fn file(name: &str) -> PathBuf {
    PathBuf::from(format!("migrations/{name}.sql"))
}

fn text(text: &str) -> String {
    text.to_owned()
}

fn targets() -> Vec<Problem> {
    use TargetError as E;
    every!(TargetError:
        E::NotFound { .. } => E::NotFound { name: text("hed"), nearest: Some(id("head")) },
        E::Ambiguous { .. } => E::Ambiguous { prefix: text("ae"), candidates: ids("ae10 ae11") },
        E::MultipleHeads { .. } => E::MultipleHeads { target: text("head"), branch: None, heads: ids("b1 c1") },
        E::NotOnBranch { .. } => E::NotOnBranch { branch: text("shop"), revision: id("c1"), heads: ids("b1") },
        E::AmbiguousStart { .. } => E::AmbiguousStart { target: text("-1"), current: ids("b1 c1") },
        E::AmbiguousWalk { .. } => E::AmbiguousWalk { target: text("a1+1"), at: Some(id("a1")), choices: ids("b1 c1") },
        E::WalkedTooFar { .. } => E::WalkedTooFar { target: text("+9"), asked: 9, available: 2 },
        E::UnknownCurrent { .. } => E::UnknownCurrent { revisions: ids("dead") },
        E::InsideSquash { .. } => E::InsideSquash { row: id("b1"), squash: id("s1"), end: id("c1") },
        E::Replaced { .. } => E::Replaced { revision: id("b1"), squash: id("s1"), end: id("c1") },
        E::CurrentNotHeads { .. } => E::CurrentNotHeads { row: id("a1"), covered_by: id("b1") },
        E::NotApplied { .. } => E::NotApplied { target: id("c1") },
        E::NothingAbove { .. } => E::NothingAbove { target: id("a1"), covered_by: ids("b1") },
        E::BranchUnclear { .. } => E::BranchUnclear { target: text("shop@base"), choices: ids("b1 c1") },
        E::WrongWay { .. } => E::WrongWay { target: text("-1"), direction: Direction::Upgrade },
        E::StepsInStamp { .. } => E::StepsInStamp { target: text("-1"), leads_to: ids("a1") },
        E::Range { .. } => E::Range { target: text("a1:b1") },
        E::NotARange { .. } => E::NotARange { target: text("a1") },
        E::NotAnAncestor { .. } => E::NotAnAncestor { start: id("c1"), end: ids("b1") },
    )
}

fn places() -> Vec<Problem> {
    let mut all = {
        use PlacementError as E;
        every!(PlacementError:
            E::Target(_) => E::Target(TargetError::MultipleHeads { target: text("head"), branch: None, heads: ids("b1 c1") }),
            E::NotAHead { .. } => E::NotAHead { revision: id("a1"), children: ids("b1 c1") },
            E::Twice { .. } => E::Twice { revision: id("b1") },
            E::NoRevision { .. } => E::NoRevision { target: text("heads") },
        )
    };
    all.extend(every!(MergeError:
        MergeError::TooFew { .. } => MergeError::TooFew { heads: ids("b1") },
        MergeError::Placement(_) => MergeError::Placement(PlacementError::Twice { revision: id("b1") }),
    ));
    all.extend(every!(RebaseError:
        RebaseError::Unclear { .. } => RebaseError::Unclear { revision: id("d1"), choices: ids("b1 c1") },
        RebaseError::Needed { .. } => RebaseError::Needed { onto: id("c1"), revision: id("b1") },
    ));
    all.extend(every!(SquashError:
        SquashError::Target(_) => SquashError::Target(TargetError::NotARange { target: text("a1") }),
        SquashError::TooFew { .. } => SquashError::TooFew { range: text("a1:a1"), count: 1 },
        SquashError::Followed { .. } => SquashError::Followed { revision: id("b1"), by: id("x1") },
        SquashError::Ends(_) => SquashError::Ends(ids("b1 c1")),
    ));
    all.extend(every!(InvalidId:
        InvalidId::Empty => InvalidId::Empty,
        InvalidId::TooLong(..) => InvalidId::TooLong("a".repeat(33), 32),
        InvalidId::Character(..) => InvalidId::Character(text("a:b"), ':'),
        InvalidId::Reserved(_) => InvalidId::Reserved(text("head")),
    ));
    all.extend(every!(WriteError:
        WriteError::Template { .. } => WriteError::Template { token: text("dat"), nearest: Some("date") },
        WriteError::Exists { .. } => WriteError::Exists { path: file("a1") },
        WriteError::Unwritable { .. } => WriteError::Unwritable { path: file("a1"), message: text("Permission denied") },
        WriteError::Unreadable(_) => WriteError::Unreadable(fault(FileFault::NoUpgrade)),
    ));
    all
}

fn fault(fault: FileFault) -> FileError {
    FileError {
        path: file("a1"),
        line: Some(4),
        fault,
    }
}

fn graphs() -> Vec<Problem> {
    use HistoryError as E;
    let place = |name: &str| Place {
        revision: id(name),
        path: file(name),
    };
    every!(HistoryError:
        E::Folder { .. } => E::Folder { path: PathBuf::from("migrations"), message: text("No such file or directory") },
        E::File(_) => E::File(fault(FileFault::NoUpgrade)),
        E::DuplicateId { .. } => E::DuplicateId { revision: id("a1"), first: file("a1"), second: file("copy") },
        E::Missing { .. } => E::Missing {
            revision: id("b1"),
            path: file("b1"),
            relation: "parent",
            missing: id("a9"),
            nearest: Some(id("a1")),
        },
        E::PartlyReplaced { .. } => E::PartlyReplaced { revision: id("s1"), path: file("s1"), replaces: ids("a1 b1"), present: ids("b1") },
        E::Cycle { .. } => E::Cycle { members: vec![place("a1"), place("b1")] },
        E::DuplicateLabel { .. } => E::DuplicateLabel { label: text("shop"), first: file("a1"), second: file("b1") },
    )
}

fn files() -> Vec<Problem> {
    use FileFault as E;
    fn is_listed(fault: &FileFault) -> Problem {
        Problem::from(FileError {
            path: file("a1"),
            line: Some(4),
            fault: fault.clone(),
        })
    }
    macro_rules! each {
        ($($pattern:pat => $example:expr),+ $(,)?) => {{
            fn has_example(fault: &FileFault) {
                match fault {
                    $($pattern => {})+
                }
            }
            let all = vec![$($example),+];
            all.iter().for_each(has_example);
            all.iter().map(is_listed).collect::<Vec<_>>()
        }};
    }
    each!(
        E::Unreadable { .. } => E::Unreadable { message: text("Permission denied") },
        E::NotUtf8 { .. } => E::NotUtf8 { offset: 17 },
        E::NotARevision => E::NotARevision,
        E::MissingKey { .. } => E::MissingKey { key: "parents" },
        E::UnknownKey { .. } => E::UnknownKey { key: text("parent"), nearest: Some("parents") },
        E::DuplicateKey { .. } => E::DuplicateKey { key: "message" },
        E::WrongValue { .. } => E::WrongValue { key: text("parents"), wanted: "a list of strings, such as [\"…\"]" },
        E::NotToml { .. } => E::NotToml { key: text("parents"), message: text("unclosed array, expected `]`") },
        E::UnknownHazard { .. } => E::UnknownHazard { name: text("drop-columns"), nearest: Some("drop-column") },
        E::InvalidId(_) => E::InvalidId(InvalidId::Character(text("a:b"), ':')),
        E::InvalidLabel { .. } => E::InvalidLabel { label: text("head") },
        E::UnknownDirective { .. } => E::UnknownDirective { name: text("upgrad"), nearest: Some("upgrade") },
        E::KeyInSection { .. } => E::KeyInSection { key: text("allow") },
        E::DirectiveOutsideSection { .. } => E::DirectiveOutsideSection { name: text("commit") },
        E::DirectiveAfterSql { .. } => E::DirectiveAfterSql { name: text("commit") },
        E::NothingAlone => E::NothingAlone,
        E::DuplicateSection { .. } => E::DuplicateSection { name: "upgrade" },
        E::NoUpgrade => E::NoUpgrade,
        E::SqlOutsideSection => E::SqlOutsideSection,
        E::IrreversibleWithDowngrade => E::IrreversibleWithDowngrade,
        E::TransactionControl { .. } => E::TransactionControl { statement: text("BEGIN") },
        E::Split(_) => E::Split(SplitFault::Unterminated(Unclosed::DollarQuote)),
    )
}

fn databases() -> Vec<Problem> {
    let table = || text("public.alembic_version");
    let all = [
        RunError::MayNotRead {
            version_table: table(),
            role: text("app"),
            grant: text("GRANT SELECT ON public.alembic_version TO app"),
        },
        RunError::MayNotWrite {
            what: text("create tables in schema public"),
            role: text("app"),
            grant: text("GRANT CREATE ON SCHEMA public TO app"),
        },
        RunError::ReadOnly {
            database: text("app"),
            standby: true,
        },
        RunError::ReadOnly {
            database: text("app"),
            standby: false,
        },
        RunError::UnknownRows {
            version_table: table(),
            revisions: vec![text("dead")],
        },
        RunError::RowsNotHeads {
            version_table: table(),
            row: id("a1"),
            covered_by: id("b1"),
        },
        RunError::Irreversible {
            revision: id("b1"),
            path: file("b1"),
            reason: Some(text("the old values are gone")),
        },
        RunError::CancelledWaiting,
    ];
    all.into_iter().map(Problem::from).collect()
}

fn everything() -> Vec<(&'static str, Vec<Problem>)> {
    vec![
        ("targets", targets()),
        ("new revisions, merges, rebases, squashes", places()),
        ("the graph", graphs()),
        ("revision files", files()),
        ("the version table", databases()),
    ]
}

#[test]
fn every_kind_has_its_text() {
    let (mut human, mut json) = (String::new(), String::new());
    for (title, problems) in everything() {
        human.push_str(&format!("# {title}\n\n"));
        for problem in problems {
            let theme = Theme::new(anstream::ColorChoice::Never);
            human.push_str(&format!(
                "[{}]\n{}\n",
                problem.kind(),
                problem.render(theme)
            ));
            json.push_str(&serde_json::to_string(&problem.to_json()).unwrap());
            json.push('\n');
        }
    }
    check("errors-kinds.txt", &human);
    check("errors-kinds.json.txt", &json);
}

#[test]
fn every_kind_says_what_to_do_next() {
    for (_, problems) in everything() {
        for problem in problems {
            assert!(!problem.0.hints.is_empty(), "{problem:?}");
        }
    }
}

fn check(name: &str, seen: &str) {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/golden")
        .join(name);
    let written = fs_err::read_to_string(&path).unwrap_or_default();
    if written == seen {
        return;
    }
    if std::env::var("SNAPSHOTS").as_deref() == Ok("overwrite") {
        fs_err::write(&path, seen).unwrap();
        return;
    }
    let difference = similar::TextDiff::from_lines(&written, seen)
        .unified_diff()
        .header("written", "seen")
        .to_string();
    panic!("{name} is not what is said (SNAPSHOTS=overwrite corrects it):\n{difference}");
}
