//! The projects in `cases/adopt/`: adopted, and judged by Alembic itself and by `pg_dump`.
//!
//! Alembic upgrades one database, Aludel with the adopted files another: their dumps and rows must be the same, each tool
//! must find itself at the head of the other's database, and every file must go up, down and up. A case without an
//! `alembic.ini` or `env.py` of its own gets those of `cases/adopt/usual`. `case.toml` says what is special; a case that
//! `fails` must say why and leave its folder as it was. `CASES=text` takes those of that name.
#![expect(clippy::unwrap_used, reason = "tests fail loudly")]

mod again;
mod create_all;
mod exports;
mod project;
mod refused;
mod server;

use std::collections::BTreeSet;
use std::path::{Path, PathBuf};

use serde::Deserialize;

use crate::project::{Project, USUAL};
use crate::server::Server;

/// What is special about a case.
#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields, default, rename_all = "kebab-case")]
struct Case {
    /// Further arguments of `adopt`.
    arguments: Vec<String>,
    /// The revisions that are marked as depending on data.
    dependent: BTreeSet<String>,
    /// The revisions whose downgrade does not lead back.
    irreversible: BTreeSet<String>,
    /// The environment of `.venv` whose Python it is, where it is not the first.
    python: Option<String>,
    /// What the error says; nothing when the project is adopted.
    fails: Vec<String>,
    /// What the report says.
    report: Vec<String>,
    /// What the settings say.
    settings: Vec<String>,
    /// What one of the files says.
    written: Vec<String>,
    /// What none of them says.
    not_written: Vec<String>,
    /// What nothing says.
    hidden: Vec<String>,
    /// The last revision that Alembic is asked for.
    until: Option<String>,
    /// The database of several, `-n`.
    database: Option<String>,
    /// Others that are adopted into the same settings.
    others: Vec<String>,
    /// The driver that `env.py` wants.
    driver: Option<String>,
    /// Whether the rows are compared.
    rows: Option<bool>,
    /// What Alembic's upgrade of all in one go comes to, where it is not the same as one by one.
    in_one_go: Option<String>,
    /// Whether Alembic can judge.
    judge: Option<bool>,
    /// Whether the application connects to `DATABASE_URL` as soon as it is imported, thus whenever its models are read; not
    /// while it is adopted.
    connects: bool,
}

#[test]
fn projects_move_in() {
    let server = Server::start();
    let only = std::env::var("CASES").unwrap_or_default();
    let mut wrong = Vec::new();
    let mut judged = 0;
    for folder in cases().iter().filter(|case| shown(case).contains(&only)) {
        judged += 1;
        if let Err(why) = judge(folder, &server) {
            wrong.push(format!("{}: {why}", shown(folder)));
        }
    }
    assert!(judged > 0, "no case is called {only}");
    assert!(
        wrong.is_empty(),
        "{} of {judged} projects:\n{}",
        wrong.len(),
        wrong.join("\n\n")
    );
}

fn cases() -> Vec<PathBuf> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../cases/adopt");
    let mut found: Vec<PathBuf> = std::fs::read_dir(root)
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| shown(path) != USUAL)
        .collect();
    found.sort();
    found
}

fn shown(case: &Path) -> String {
    case.file_name().unwrap().to_string_lossy().into_owned()
}

fn judge(folder: &Path, server: &Server) -> Result<(), String> {
    let text = std::fs::read_to_string(folder.join("case.toml")).unwrap_or_default();
    let case: Case = toml::from_str(&text).map_err(|error| error.to_string())?;
    let project = Project::copy_of(folder)
        .of_history(case.database.as_deref())
        .with_python(case.python.as_deref());
    let before = project.files();
    let imported_with = case.connects.then(|| server.database());
    let ran = project.adopt_beside(&case.arguments, imported_with.as_ref());
    let said = format!("{}{}", ran.stdout, ran.stderr);
    for hidden in &case.hidden {
        if said.contains(hidden) || project.read("adopt-report.md").contains(hidden) {
            return Err(format!("{hidden} is shown\n{said}"));
        }
    }
    if !case.fails.is_empty() {
        let missing: Vec<&String> = case
            .fails
            .iter()
            .filter(|text| !ran.stderr.contains(*text))
            .collect();
        if ran.code != 2 || !missing.is_empty() {
            return Err(format!(
                "exit code {}, not said: {missing:?}\n{said}",
                ran.code
            ));
        }
        golden(folder, &project.redacted(&ran.stderr))?;
        same("still running", &project.still_running(), &Vec::new())?;
        return same("the folder", &project.files(), &before);
    }
    if ran.code != 0 {
        return Err(format!("exit code {}\n{said}", ran.code));
    }
    marks(&case, &ran.stdout)?;
    if let Some(database) = &imported_with
        && let Some(difference) =
            testkit::judge::dump::difference(&database.schema(), &server.database().schema())
    {
        return Err(format!("the database of DATABASE_URL: {difference}"));
    }
    let project = others(&case, project)?;
    let report = match &case.database {
        None => project.read("adopt-report.md"),
        Some(name) => project.read(&format!("adopt-report-{name}.md")),
    };
    if let Some(missing) = case.report.iter().find(|text| !report.contains(*text)) {
        return Err(format!("the report does not say {missing}\n{report}"));
    }
    let settings = project.read("aludel.toml");
    if let Some(missing) = case.settings.iter().find(|text| !settings.contains(*text)) {
        return Err(format!("the settings do not say {missing}\n{settings}"));
    }
    let files = project.revisions();
    if let Some(missing) = case.written.iter().find(|text| !files.contains(*text)) {
        return Err(format!("no file says {missing}\n{files}"));
    }
    if let Some(odd) = case.not_written.iter().find(|text| files.contains(*text)) {
        return Err(format!("a file says {odd}\n{files}"));
    }
    let tested = project.aludel(&["test"], imported_with.as_ref());
    if tested.code != 0 {
        return Err(format!("aludel test: {}{}", tested.stdout, tested.stderr));
    }
    if case.judge == Some(false) {
        return Ok(());
    }
    beside_alembic(&case, folder, &project, server)
}

/// Adopts the other histories into the same settings, and comes back to the first.
fn others(case: &Case, project: Project) -> Result<Project, String> {
    let mut project = project;
    for name in &case.others {
        project = project.of_history(Some(name));
        let ran = project.adopt(&[]);
        if ran.code != 0 {
            return Err(format!("{name}: exit code {}\n{}", ran.code, ran.stderr));
        }
        let tested = project.aludel(&["test"], None);
        if tested.code != 0 {
            return Err(format!("{name}: {}{}", tested.stdout, tested.stderr));
        }
    }
    Ok(project.of_history(case.database.as_deref()))
}

/// What the program says when it refuses a project is in the case's `error.txt`; `SNAPSHOTS=overwrite` writes it.
fn golden(folder: &Path, said: &str) -> Result<(), String> {
    let path = folder.join("error.txt");
    if std::env::var("SNAPSHOTS").as_deref() == Ok("overwrite") {
        std::fs::write(&path, said).unwrap();
    }
    let wanted = std::fs::read_to_string(&path).unwrap_or_default();
    same("error.txt", &said, &wanted.as_str())
}

/// The marks in the JSON document are those that the case names.
fn marks(case: &Case, document: &str) -> Result<(), String> {
    let document: serde_json::Value =
        serde_json::from_str(document).map_err(|error| format!("{error}\n{document}"))?;
    let revisions = document["revisions"].as_array().unwrap();
    let marked = |is: &dyn Fn(&serde_json::Value) -> bool| -> BTreeSet<String> {
        let marked = revisions.iter().filter(|one| is(one));
        marked
            .map(|one| one["revision"].as_str().unwrap().to_owned())
            .collect()
    };
    let dependent = marked(&|one| !one["depends_on_data"].as_array().unwrap().is_empty());
    let irreversible = marked(&|one| one["downgrade"] == "irreversible");
    same("data-dependent", &dependent, &case.dependent)?;
    same("irreversible", &irreversible, &case.irreversible)?;
    let one_go = &document["in_one_go"]["outcome"];
    let wanted = case.in_one_go.as_deref().unwrap_or("same");
    same("in one go", &one_go.as_str(), &Some(wanted))?;
    same(
        "is_proven",
        &document["is_proven"],
        &serde_json::Value::Bool(true),
    )
}

/// Alembic's database and Aludel's are the same, and each is at the head for the other tool.
fn beside_alembic(
    case: &Case,
    folder: &Path,
    project: &Project,
    server: &Server,
) -> Result<(), String> {
    let (theirs, ours) = (server.database(), server.database());
    let untouched = Project::copy_of(folder).with_python(case.python.as_deref());
    let target = case.until.as_deref().unwrap_or("heads");
    let python = |verb: &str, url: &str| {
        let mut words = vec![verb, url, target];
        words.extend(case.database.as_deref());
        untouched.alembic(&words)
    };
    let driver = case.driver.as_deref().unwrap_or("psycopg");
    python("upgrade", &theirs.sqlalchemy_with(driver))?;
    let upgraded = project.aludel(&["upgrade", "heads"], Some(&ours));
    if upgraded.code != 0 {
        return Err(format!("aludel upgrade: {}", upgraded.stderr));
    }
    if let Some(difference) = testkit::judge::dump::difference(&ours.schema(), &theirs.schema()) {
        return Err(difference);
    }
    if case.rows != Some(false) {
        same("rows", &ours.rows(), &theirs.rows())?;
    }
    if case.until.is_none() {
        python("heads", &ours.sqlalchemy_with(driver))?;
    }
    let at_head = project.aludel(&["upgrade", "heads"], Some(&theirs));
    if !at_head.stderr.contains("nothing to do") {
        return Err(format!("at Alembic's head: {}", at_head.stderr));
    }
    Ok(())
}

fn same<T: PartialEq + std::fmt::Debug>(what: &str, seen: &T, wanted: &T) -> Result<(), String> {
    if seen == wanted {
        return Ok(());
    }
    Err(format!("{what}:\n   seen {seen:#?}\n wanted {wanted:#?}"))
}
