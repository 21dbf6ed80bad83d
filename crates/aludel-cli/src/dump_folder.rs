//! A dump as a folder: a file for each object with what belongs to it, and an index in whose order they load.
//!
//! Files are cut where the plan goes on to another object, never rearranged: the index read from top to bottom is the
//! plan. An object that the plan comes back to has a second file.

use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::Path;

use aludel_catalog::ObjectId;
use aludel_plan::{Plan, Step};
use aludel_source::sql_index::{INDEX, listed};

use crate::plan_text::statements;
use crate::ui::problem::Problem;

/// What the files of a folder are sorted by.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(crate) enum Split {
    /// A folder for each kind of object.
    Kind,
    /// A folder for each schema, and in it one for each kind.
    Schema,
}

/// Bytes of a file's name that a file system surely takes, the ending aside.
const NAME_MAX: usize = 120;

/// The first line of an index that a dump wrote.
const HEAD: &str = "-- Written by `aludel dump --split`: the files in the order in which they load.\n\
                    -- `psql -f` reads this file; as models it is the folder that is named.\n\n";

/// Returns the files of a plan, by their paths, in the order in which they load.
pub(crate) fn files(plan: &Plan, split: Split) -> Vec<(String, String)> {
    let mut files: Vec<(String, String)> = Vec::new();
    let mut times: BTreeMap<String, u32> = BTreeMap::new();
    for together in plan
        .steps
        .chunk_by(|one, other| path(&one.object, split) == path(&other.object, split))
    {
        let Some(Step { object, .. }) = together.first() else {
            continue;
        };
        let path = path(object, split);
        let time = times.entry(path.clone()).or_insert(0);
        *time += 1;
        let ending = match time {
            1 => "sql".to_owned(),
            time => format!("{time}.sql"),
        };
        files.push((format!("{path}.{ending}"), statements(together)));
    }
    files
}

/// Writes the files and the index; what an earlier dump wrote there and is no more goes.
pub(crate) fn write(folder: &Path, files: &[(String, String)]) -> Result<(), Problem> {
    let fault = |error: std::io::Error| Problem::new("output", error.to_string());
    let index = folder.join(INDEX);
    let before = earlier(folder)?;
    fs_err::create_dir_all(folder).map_err(fault)?;
    let mut text = HEAD.to_owned();
    for (path, sql) in files {
        let _ = writeln!(text, "\\ir {path}");
        let file = folder.join(path);
        if let Some(parent) = file.parent() {
            fs_err::create_dir_all(parent).map_err(fault)?;
        }
        fs_err::write(file, sql).map_err(fault)?;
    }
    fs_err::write(&index, text).map_err(fault)?;
    let now: BTreeSet<&str> = files.iter().map(|(path, _)| path.as_str()).collect();
    for gone in before.iter().filter(|path| !now.contains(path.as_str())) {
        let file = folder.join(gone);
        if file.is_file() {
            fs_err::remove_file(&file).map_err(fault)?;
        }
        // A folder that others have files in stays.
        if let Some(parent) = file.parent().filter(|parent| *parent != folder) {
            fs_err::remove_dir(parent).ok();
        }
    }
    Ok(())
}

/// Returns what an earlier dump wrote; a folder that holds something else is not written to.
fn earlier(folder: &Path) -> Result<Vec<String>, Problem> {
    let text = fs_err::read_to_string(folder.join(INDEX)).unwrap_or_default();
    if text.starts_with(HEAD) {
        let listed = listed(&text).unwrap_or_default();
        // Only what lies in the folder was written by a dump.
        let inside = |path: &String| !path.starts_with('/') && !path.contains("..");
        return Ok(listed.into_iter().filter(inside).collect());
    }
    let is_empty = fs_err::read_dir(folder).map_or(true, |mut entries| entries.next().is_none());
    if is_empty {
        return Ok(Vec::new());
    }
    Err(Problem::new(
        "output",
        format!(
            "{} is not empty and was not written by dump",
            folder.display()
        ),
    )
    .hint("name another folder, or remove this one"))
}

/// Returns the path of an object's file, without its ending: parts of a relation share one for each kind, and so do the
/// overloads of a function.
fn path(id: &ObjectId, split: Split) -> String {
    let kind = id.kind.name().replace(' ', "-");
    let name = if id.is_part() { &id.relation } else { &id.name };
    let name = if name.is_empty() { "default" } else { name };
    match split {
        _ if id.schema.is_empty() => format!("{kind}/{}", safe(name)),
        Split::Kind => format!("{kind}/{}.{}", safe(&id.schema), safe(name)),
        Split::Schema => format!("{}/{kind}/{}", safe(&id.schema), safe(name)),
    }
}

/// Returns the name in characters that every file system takes and keeps apart, also one that folds letters; what does
/// not fit in is told by a checksum of the whole.
fn safe(name: &str) -> String {
    let mut safe = String::new();
    for byte in name.bytes() {
        if byte.is_ascii_lowercase() || byte.is_ascii_digit() || matches!(byte, b'_' | b'-') {
            safe.push(char::from(byte));
        } else {
            let _ = write!(safe, "%{byte:02x}");
        }
    }
    if safe.len() > NAME_MAX {
        let mut sum: u64 = 0xcbf2_9ce4_8422_2325;
        for byte in name.bytes() {
            sum = (sum ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3);
        }
        safe.truncate(NAME_MAX - 17);
        let _ = write!(safe, "~{sum:016x}");
    }
    safe
}

#[cfg(test)]
mod tests {
    use super::*;
    use aludel_catalog::ObjectKind;

    #[test]
    fn names_of_files_are_safe_and_told_apart() {
        assert_eq!(safe("users_2"), "users_2");
        assert_eq!(safe("Users"), "%55sers");
        assert_eq!(safe("../a b"), "%2e%2e%2fa%20b");
        let long = [safe(&"é".repeat(63)), safe(&format!("{}e", "é".repeat(62)))];
        assert!(long.iter().all(|name| name.len() == NAME_MAX));
        assert_ne!(long[0], long[1]);
    }

    #[test]
    fn parts_share_the_file_of_their_relation() {
        let part = ObjectId::part(ObjectKind::ForeignKey, "app", "orders", "orders_fk");
        assert_eq!(path(&part, Split::Kind), "foreign-key/app.orders");
        assert_eq!(path(&part, Split::Schema), "app/foreign-key/orders");
        let extension = ObjectId::new(ObjectKind::Extension, "", "citext");
        assert_eq!(path(&extension, Split::Schema), "extension/citext");
    }
}
