//! Rules of the code that no lint knows: sizes, heads, who may use what, and that the project speaks of itself alone.
#![expect(clippy::unwrap_used, reason = "tests fail loudly")]

use std::path::{Path, PathBuf};

/// Lines of a file that wants to be split along an idea.
const MOST_LINES: usize = 600;

/// Crates without I/O, clock, randomness or printing.
const PURE: [&str; 4] = ["aludel-sql", "aludel-catalog", "aludel-diff", "aludel-plan"];

/// What a pure crate does not name.
const IMPURE: [&str; 10] = [
    "tokio",
    "std::fs",
    "fs_err",
    "std::env",
    "std::net",
    "std::process",
    "std::time",
    "jiff",
    "rand::",
    "println!",
];

/// The only crate that opens a connection.
const CONNECTS: &str = "aludel-postgres";

#[test]
fn files_are_of_a_size_to_read() {
    let long: Vec<String> = rust_files()
        .into_iter()
        .filter_map(|path| {
            let lines = read(&path).lines().count();
            (lines > MOST_LINES).then(|| format!("{}: {lines} lines", shown(&path)))
        })
        .collect();
    none(&long, "split the file along an idea");
}

#[test]
fn files_begin_with_what_they_are() {
    let bare: Vec<String> = rust_files()
        .into_iter()
        .filter(|path| !read(path).starts_with("//!"))
        .map(|path| shown(&path))
        .collect();
    none(
        &bare,
        "begin the file with a `//!` sentence that says what it holds",
    );
}

#[test]
fn one_crate_names_the_client_library() {
    let mut found = Vec::new();
    for path in rust_files().into_iter().chain(manifests()) {
        if path.starts_with(checkout().join("crates").join(CONNECTS)) || path == this_file() {
            continue;
        }
        let text = read(&path);
        let is_workspace = path == checkout().join("Cargo.toml");
        if !is_workspace && (text.contains("tokio_postgres") || text.contains("tokio-postgres")) {
            found.push(shown(&path));
        }
    }
    none(&found, "connections are opened in aludel-postgres alone");
}

#[test]
fn pure_crates_are_pure() {
    let mut found = Vec::new();
    for name in PURE {
        let folder = checkout().join("crates").join(name);
        for path in files(&folder.join("src"), "rs") {
            // Tests may read files.
            let is_test = shown(&path).ends_with("tests.rs") || shown(&path).contains("/tests/");
            let text = read(&path);
            let code = text.split("#[cfg(test)]\nmod tests {").next().unwrap();
            for (number, line) in code.lines().enumerate() {
                let names = IMPURE.iter().any(|word| line.contains(word));
                if names && !is_test && !line.trim_start().starts_with("//") {
                    found.push(format!("{}:{}: {}", shown(&path), number + 1, line.trim()));
                }
            }
        }
        let manifest = read(&folder.join("Cargo.toml"));
        let dependencies = manifest.split("[dev-dependencies]").next().unwrap();
        if ["tokio", "fs-err", "jiff"]
            .iter()
            .any(|name| dependencies.contains(name))
        {
            found.push(format!(
                "{}: depends on I/O",
                shown(&folder.join("Cargo.toml"))
            ));
        }
    }
    none(
        &found,
        "a pure crate has no I/O, clock, randomness or printing",
    );
}

#[test]
fn tests_are_never_ignored() {
    let mut found = Vec::new();
    for path in rust_files() {
        if path == this_file() {
            continue;
        }
        for (number, line) in read(&path).lines().enumerate() {
            if line.contains("#[ignore") || line.contains("#[should_panic") {
                found.push(format!("{}:{}", shown(&path), number + 1));
            }
        }
    }
    none(
        &found,
        "a test that does not run says nothing; assert what happens instead",
    );
}

/// Paths and addresses of the machine somebody works on do not belong into the project.
#[test]
fn the_project_speaks_of_itself_alone() {
    let strangers = ["/work/", "/.library", "/root/", "file:///", "C:\\Users"];
    let mut found = Vec::new();
    for path in text_files() {
        if path == this_file() {
            continue;
        }
        for (number, line) in read(&path).lines().enumerate() {
            if strangers.iter().any(|stranger| line.contains(stranger)) {
                found.push(format!("{}:{}: {}", shown(&path), number + 1, line.trim()));
            }
        }
    }
    none(&found, "name no folder of one machine");
}

#[test]
fn dependencies_say_why() {
    let manifest = read(&checkout().join("Cargo.toml"));
    let table = manifest
        .split("[workspace.dependencies]")
        .nth(1)
        .and_then(|rest| rest.split("\n[").next())
        .unwrap();
    let silent: Vec<String> = table
        .lines()
        .filter(|line| line.contains('=') && !line.starts_with('#'))
        .filter(|line| !line.contains("path = \"crates/") && !line.contains('#'))
        .map(str::to_owned)
        .collect();
    none(
        &silent,
        "end the line with a comment that says why the crate is here",
    );
}

/// Fails with the list, if there is one.
fn none(found: &[String], mend: &str) {
    assert!(found.is_empty(), "{mend}:\n{}", found.join("\n"));
}

fn checkout() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("..")
        .canonicalize()
        .unwrap()
}

fn this_file() -> PathBuf {
    checkout().join("xtask/tests/tidy.rs")
}

fn shown(path: &Path) -> String {
    path.strip_prefix(checkout()).unwrap().display().to_string()
}

fn read(path: &Path) -> String {
    std::fs::read_to_string(path).unwrap_or_default()
}

fn rust_files() -> Vec<PathBuf> {
    let mut found = files(&checkout().join("crates"), "rs");
    found.extend(files(&checkout().join("xtask"), "rs"));
    assert!(found.len() > 50, "the crates are where they were");
    found
}

fn manifests() -> Vec<PathBuf> {
    files(&checkout(), "toml")
}

/// Every file somebody wrote.
fn text_files() -> Vec<PathBuf> {
    let mut found = Vec::new();
    for extension in [
        "rs", "toml", "md", "sql", "py", "sh", "txt", "run", "Makefile", "demo", "setup",
    ] {
        found.extend(files(&checkout(), extension));
    }
    found
}

/// The files below a folder with an extension, or with a name; what is built or installed is left out.
fn files(folder: &Path, extension: &str) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in std::fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        let name = path.file_name().unwrap().to_string_lossy().into_owned();
        let is_made = [
            "target",
            ".git",
            ".venv",
            ".aludel",
            "__pycache__",
            ".pytest_cache",
        ]
        .contains(&name.as_str());
        if path.is_dir() && !is_made {
            found.extend(files(&path, extension));
        } else if name == extension || path.extension().is_some_and(|found| found == extension) {
            found.push(path);
        }
    }
    found.sort();
    found
}
