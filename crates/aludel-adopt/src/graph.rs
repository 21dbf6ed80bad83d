//! The graph of an Alembic history, read from its files without running any of them.
//!
//! A revision file says what it is in assignments at its top level; those are read as Python's grammar has them, constants of
//! the application's own modules too. A value that is computed otherwise is an error that names the line.

mod encoding;
mod imports;

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use aludel_revision::{History, NewRevision, Revision, RevisionId};
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use jiff::{Timestamp, ToSpan as _};
use ruff_python_ast::{Expr, Operator, Stmt};
use ruff_text_size::Ranged as _;
use sha2::{Digest as _, Sha256};

use crate::error::AdoptError;
use crate::packages::Packages;

use self::imports::Imports;

/// What one revision file of Alembic's says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AlembicRevision {
    /// Its id.
    pub id: RevisionId,
    /// The revisions it follows.
    pub parents: Vec<RevisionId>,
    /// Names of its branch.
    pub labels: Vec<String>,
    /// Revisions of other branches that come first, by id or label.
    pub depends_on: Vec<RevisionId>,
    /// The revision that Alembic runs before it, where nothing but its order says so.
    pub after: Vec<RevisionId>,
    /// The first paragraph of its docstring on one line.
    pub message: String,
    /// Its `Create Date`; of a file without one, the second after what it follows, else the beginning of 1970 and its
    /// place in the folder in seconds.
    pub created: Timestamp,
    /// The file.
    pub path: PathBuf,
    /// SHA-256 of the file, hexadecimal.
    pub checksum: String,
}

/// Reads every revision file below the folders; what they take from packages that are installed is looked up there. As with
/// Alembic, a folder that is not there holds none, and a file that is reached in two ways is one.
pub fn read(
    folders: &[PathBuf],
    recursive: bool,
    packages: &Packages,
) -> Result<Vec<AlembicRevision>, AdoptError> {
    let mut files = Vec::new();
    for folder in folders.iter().filter(|folder| folder.exists()) {
        collect(folder, recursive, &mut files)?;
    }
    files.sort();
    let mut known = BTreeSet::new();
    files.retain(|file| known.insert(fs_err::canonicalize(file).unwrap_or_else(|_| file.clone())));
    let mut revisions = Vec::new();
    for (place, file) in files.iter().enumerate() {
        let text = encoding::read(file)?;
        if let Some(revision) = read_file(file, &text, place, packages)? {
            revisions.push(revision);
        }
    }
    if revisions.is_empty() {
        return Err(AdoptError::NoRevisions {
            folders: folders.to_vec(),
        });
    }
    Ok(revisions)
}

/// Puts revisions in the order in which they are run, which is also the order of Aludel's own history.
pub fn order(revisions: Vec<AlembicRevision>) -> Result<Vec<AlembicRevision>, AdoptError> {
    let mut ordered = order_anew(revisions)?;
    date(&mut ordered);
    Ok(ordered)
}

fn order_anew(revisions: Vec<AlembicRevision>) -> Result<Vec<AlembicRevision>, AdoptError> {
    let mut by_id: BTreeMap<RevisionId, AlembicRevision> = BTreeMap::new();
    let mut headers = Vec::with_capacity(revisions.len());
    for revision in revisions {
        let header = revision.header().render();
        headers.push(Revision::from_bytes(
            revision.path.clone(),
            header.as_bytes(),
        )?);
        by_id.insert(revision.id.clone(), revision);
    }
    let history = History::new(headers)?;
    Ok(history
        .iter_as_run()
        .filter_map(|revision| by_id.remove(revision.id()))
        .collect())
}

/// The revisions that no other follows or needs: what Alembic's version table holds when all of them have run.
pub fn tips(revisions: &[AlembicRevision]) -> Vec<RevisionId> {
    let is_below = |one: &AlembicRevision| {
        let names =
            |id: &RevisionId| *id == one.id || one.labels.iter().any(|label| label == id.as_str());
        let mut others = revisions.iter();
        others.any(|other| other.parents.iter().chain(&other.depends_on).any(names))
    };
    let ends = revisions.iter().filter(|one| !is_below(one));
    ends.map(|one| one.id.clone()).collect()
}

/// The revisions in the order in which Alembic runs them, which is that of its files where several heads leave it open. Where
/// dates lead to another, each says what it comes behind: a history may work in Alembic's order only.
pub(crate) fn as_alembic_runs(
    revisions: &[AlembicRevision],
    order: &[String],
) -> Result<Vec<AlembicRevision>, AdoptError> {
    let place: BTreeMap<&str, usize> = order.iter().map(String::as_str).zip(0..).collect();
    let mut ordered = revisions.to_vec();
    ordered.sort_by_key(|one| place.get(one.id.as_str()).copied());
    if ordered
        .iter()
        .map(|one| &one.id)
        .eq(revisions.iter().map(|one| &one.id))
    {
        return Ok(ordered);
    }
    for number in 1..ordered.len() {
        let before = ordered[number - 1].id.clone();
        if !ordered[number].parents.contains(&before) {
            ordered[number].after.push(before);
        }
    }
    order_anew(ordered)
}

/// Gives those without a date the second after what they follow, so that their files stand there.
fn date(ordered: &mut [AlembicRevision]) {
    let mut dates: BTreeMap<RevisionId, Timestamp> = BTreeMap::new();
    for revision in ordered {
        if revision.created < UNDATED_END {
            let parents = revision
                .parents
                .iter()
                .filter_map(|parent| dates.get(parent));
            let after = parents
                .max()
                .and_then(|date| date.checked_add(1.second()).ok());
            revision.created = after.unwrap_or(revision.created);
        }
        dates.insert(revision.id.clone(), revision.created);
    }
}

/// Before this stand the dates of files that say none.
const UNDATED_END: Timestamp = Timestamp::constant(365 * 24 * 3600, 0);

impl AlembicRevision {
    /// The revision of Aludel's that takes its place, still without its SQL.
    pub fn header(&self) -> NewRevision {
        let mut new = NewRevision::new(
            self.id.clone(),
            self.parents.clone(),
            self.created,
            self.message.clone(),
        );
        new.labels.clone_from(&self.labels);
        new.depends_on.clone_from(&self.depends_on);
        new.after.clone_from(&self.after);
        new
    }
}

fn collect(folder: &Path, recursive: bool, files: &mut Vec<PathBuf>) -> Result<(), AdoptError> {
    for entry in fs_err::read_dir(folder)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy();
        if path.is_dir() {
            if recursive && name != "__pycache__" {
                collect(&path, recursive, files)?;
            }
        } else if name.ends_with(".py") && is_revision(&name) {
            files.push(path);
        }
    }
    Ok(())
}

fn is_revision(name: &str) -> bool {
    !name.starts_with("__init__") && !name.starts_with(".#")
}

/// A file's name up to the first dot, by which Alembic tells what is of one revision.
fn stem(name: &str) -> &str {
    name.split('.').next().unwrap_or_default()
}

/// Finds a revision of which only the bytecode is there, as `sourceless = true` lets Alembic run it: beside the sources, or
/// in their `__pycache__`.
pub fn compiled_alone(folders: &[PathBuf], recursive: bool) -> Result<Option<PathBuf>, AdoptError> {
    let mut folders = folders.to_vec();
    while let Some(folder) = folders.pop() {
        if !folder.exists() {
            continue;
        }
        let is_cache = folder.ends_with("__pycache__");
        let beside = folder.parent().filter(|_| is_cache).unwrap_or(&folder);
        let sources: BTreeSet<String> = fs_err::read_dir(beside)?
            .filter_map(Result::ok)
            .map(|entry| entry.path())
            .filter(|path| path.extension().is_some_and(|ending| ending == "py"))
            .filter_map(|path| Some(stem(&path.file_name()?.to_string_lossy()).to_owned()))
            .collect();
        for entry in fs_err::read_dir(&folder)? {
            let path = entry?.path();
            let name = path.file_name().unwrap_or_default().to_string_lossy();
            if path.is_dir() {
                if recursive || name == "__pycache__" {
                    folders.push(path);
                }
            } else if name.ends_with(".pyc") && is_revision(&name) && !sources.contains(stem(&name))
            {
                return Ok(Some(path));
            }
        }
    }
    Ok(None)
}

/// Reads one file; one without `revision` and without a name of hexadecimal digits is none of Alembic's.
fn read_file(
    path: &Path,
    text: &str,
    place: usize,
    packages: &Packages,
) -> Result<Option<AlembicRevision>, AdoptError> {
    let parsed =
        ruff_python_parser::parse_unchecked_source(text, ruff_python_ast::PySourceType::Python);
    let module = parsed.syntax();
    let mut scope = Scope {
        path,
        text,
        values: BTreeMap::new(),
        imports: Imports::default(),
        packages,
    };
    for statement in &module.body {
        scope.imports.see(statement);
        let assigned = assigned(statement).into_iter();
        let assigned = assigned.map(|(name, value)| (name.to_owned(), value));
        scope.values.extend(assigned);
    }
    let Some(id) = scope
        .texts("revision")?
        .into_iter()
        .next()
        .or_else(|| of_name(path))
    else {
        return Ok(None);
    };
    let document = docstring(&module.body).unwrap_or_default();
    let ids = |names: Vec<String>| {
        names
            .into_iter()
            .map(RevisionId::new)
            .collect::<Result<_, _>>()
    };
    let invalid = |source| AdoptError::InvalidId {
        path: path.to_owned(),
        source,
    };
    Ok(Some(AlembicRevision {
        id: RevisionId::new(id).map_err(invalid)?,
        parents: ids(scope.texts("down_revision")?).map_err(invalid)?,
        labels: scope.texts("branch_labels")?,
        depends_on: scope
            .texts("depends_on")?
            .into_iter()
            // To Alembic an empty text is no dependency.
            .filter(|name| !name.is_empty())
            .map(RevisionId::from_database)
            .collect(),
        after: Vec::new(),
        message: message(&document, path),
        created: created(&document).unwrap_or_else(|| undated(place)),
        path: path.to_owned(),
        checksum: checksum(text),
    }))
}

/// The id that Alembic takes from the name of a file that states none.
fn of_name(path: &Path) -> Option<String> {
    let stem = path.file_stem()?.to_str()?;
    let is_digit = |byte: u8| byte.is_ascii_digit() || (b'a'..=b'f').contains(&byte);
    stem.bytes().all(is_digit).then(|| stem.to_owned())
}

/// The names that a file binds.
struct Scope<'a> {
    path: &'a Path,
    text: &'a str,
    values: BTreeMap<String, &'a Expr>,
    imports: Imports,
    packages: &'a Packages,
}

impl Scope<'_> {
    /// The texts that a name stands for: none, one, or those of a tuple, a list or a set.
    fn texts(&self, name: &str) -> Result<Vec<String>, AdoptError> {
        match self.values.get(name) {
            Some(value) => self.evaluate(name, value, 0),
            None => Ok(Vec::new()),
        }
    }

    fn evaluate(&self, name: &str, value: &Expr, depth: u32) -> Result<Vec<String>, AdoptError> {
        let all = |items: &[Expr]| {
            let mut found = Vec::new();
            for item in items {
                found.extend(self.evaluate(name, item, depth + 1)?);
            }
            Ok(found)
        };
        match value {
            Expr::NoneLiteral(_) => return Ok(Vec::new()),
            Expr::StringLiteral(literal) => return Ok(vec![literal.value.to_str().to_owned()]),
            Expr::Tuple(tuple) => return all(&tuple.elts),
            Expr::List(list) => return all(&list.elts),
            Expr::Set(set) => return all(&set.elts),
            Expr::Name(other) if depth < 8 => {
                if let Some(value) = self.values.get(other.id.as_str()) {
                    return self.evaluate(name, value, depth + 1);
                }
            }
            Expr::BinOp(sum) if matches!(sum.op, Operator::Add) && depth < 8 => {
                let left = self.evaluate(name, &sum.left, depth + 1)?;
                let right = self.evaluate(name, &sum.right, depth + 1)?;
                if let ([left], [right]) = (&left[..], &right[..]) {
                    return Ok(vec![format!("{left}{right}")]);
                }
            }
            _ => {}
        }
        if let Some(text) = self.imports.text(self.path, self.packages, value) {
            return Ok(vec![text]);
        }
        let line = self.text[..value.start().to_usize()].matches('\n').count() + 1;
        Err(AdoptError::Computed {
            path: self.path.to_owned(),
            line,
            name: name.to_owned(),
        })
    }
}

/// The names that a statement assigns a value to.
fn assigned(statement: &Stmt) -> Vec<(&str, &Expr)> {
    let (targets, value): (&[Expr], Option<&Expr>) = match statement {
        Stmt::Assign(assign) => (&assign.targets, Some(&assign.value)),
        Stmt::AnnAssign(assign) => (
            std::slice::from_ref(&*assign.target),
            assign.value.as_deref(),
        ),
        _ => (&[], None),
    };
    let mut found = Vec::new();
    for target in targets {
        if let Some(value) = value {
            bind(target, value, &mut found);
        }
    }
    found
}

/// Binds a name, or several to the parts of a value: `revision, down_revision = "b", "a"`.
fn bind<'a>(target: &'a Expr, value: &'a Expr, found: &mut Vec<(&'a str, &'a Expr)>) {
    if let Expr::Name(name) = target {
        found.push((name.id.as_str(), value));
        return;
    }
    let Some(targets) = parts(target) else {
        return;
    };
    match parts(value) {
        Some(values) if values.len() == targets.len() => {
            for (target, value) in targets.iter().zip(values) {
                bind(target, value, found);
            }
        }
        Some(_) => {}
        // It is computed as a whole.
        None => targets.iter().for_each(|target| bind(target, value, found)),
    }
}

/// The parts of a tuple or a list, where each is one.
fn parts(expression: &Expr) -> Option<&[Expr]> {
    let parts = match expression {
        Expr::Tuple(tuple) => &tuple.elts,
        Expr::List(list) => &list.elts,
        _ => return None,
    };
    let is_several = |part: &Expr| matches!(part, Expr::Starred(_));
    (!parts.iter().any(is_several)).then_some(parts)
}

fn docstring(body: &[Stmt]) -> Option<String> {
    match body.first()? {
        Stmt::Expr(statement) => match &*statement.value {
            Expr::StringLiteral(literal) => Some(literal.value.to_str().to_owned()),
            _ => None,
        },
        _ => None,
    }
}

/// What stands above `Revision ID:`, on one line; of a file that says nothing, its name.
fn message(document: &str, path: &Path) -> String {
    let is_header = |line: &str| {
        ["revision id:", "revises:", "create date:"]
            .iter()
            .any(|word| line.to_lowercase().starts_with(word))
    };
    let lines = document.lines().map(str::trim);
    let words: Vec<&str> = lines
        .skip_while(|line| line.is_empty())
        .take_while(|line| !line.is_empty() && !is_header(line))
        .collect();
    if words.is_empty() {
        let stem = path.file_stem().unwrap_or_default().to_string_lossy();
        return stem.replace('_', " ");
    }
    words.join(" ")
}

fn created(document: &str) -> Option<Timestamp> {
    let line = document
        .lines()
        .find_map(|line| line.trim().strip_prefix("Create Date:"))?
        .trim();
    let with_zone = line.replacen(' ', "T", 1).replace(' ', "");
    if let Ok(time) = with_zone.parse::<Timestamp>() {
        return Some(time);
    }
    let civil: DateTime = line.parse().ok()?;
    Some(civil.to_zoned(TimeZone::UTC).ok()?.timestamp())
}

fn undated(place: usize) -> Timestamp {
    let second = i64::try_from(place).unwrap_or(0);
    Timestamp::from_second(second).unwrap_or(Timestamp::UNIX_EPOCH)
}

fn checksum(text: &str) -> String {
    let mut written = String::with_capacity(64);
    for byte in Sha256::digest(text.as_bytes()) {
        // Writing into a string cannot fail.
        let _ = write!(written, "{byte:02x}");
    }
    written
}

#[cfg(test)]
mod tests;
