//! Keeps Python's answer as long as nothing that it was made of has changed, so that an unchanged project is loaded
//! without starting Python.
//!
//! An entry lists what was read (files, folders, installed files, names of environment variables) and one digest of
//! the state of all that. Values of variables are in no way stored, only hashed together with everything else.

use std::collections::BTreeMap;
use std::env;
use std::ffi::OsString;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};
use std::time::UNIX_EPOCH;

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

use super::document::Document;
use super::script::SCRIPT;
use crate::python_project::Interpreter;

/// More inputs than this cost more to look at than Python costs to start.
const INPUT_LIMIT: usize = 50_000;

/// Variables of shells, terminals, sessions and tools, which differ from one call to the next and say nothing about models.
/// They count when they are asked for by name, but not when an application looks through all (settings by prefix, a copy).
const OF_THE_CALL: &[&str] = &[
    "_",
    "SHLVL",
    "PWD",
    "OLDPWD",
    "COLUMNS",
    "LINES",
    "WINDOWID",
    "PS1",
    "PS2",
    "PS4",
    "STY",
    "PATH",
    "MANPATH",
    "VIRTUAL_ENV",
    "VIRTUAL_ENV_PROMPT",
    "COLORTERM",
    "NO_COLOR",
    "FORCE_COLOR",
    "CLICOLOR",
    "CLICOLOR_FORCE",
    "LS_COLORS",
    "DISPLAY",
    "WAYLAND_DISPLAY",
    "HISTFILE",
    "HISTSIZE",
    "INVOCATION_ID",
    "JOURNAL_STREAM",
    "SYSTEMD_EXEC_PID",
    "MAIL",
    "TMPDIR",
    "PYTHONDONTWRITEBYTECODE",
    "PYTHONUNBUFFERED",
    "TERM",
    "TERM_PROGRAM",
    "TERM_PROGRAM_VERSION",
    "TERM_SESSION_ID",
    "TERMINFO",
    "TERMINFO_DIRS",
    "TERMCAP",
    "TMUX",
    "TMUX_PANE",
    "TMUX_PLUGIN_MANAGER_PATH",
    "LESS",
    "LESSOPEN",
    "LESSCLOSE",
    "LESSHISTFILE",
    "LESSCHARSET",
    "MAKE",
    "MAKEFLAGS",
    "MAKELEVEL",
    "MAKEFILES",
    "MAKEOVERRIDES",
    "MAKE_TERMOUT",
    "MAKE_TERMERR",
    "MFLAGS",
    "GIT_DIR",
    "GIT_WORK_TREE",
    "GIT_INDEX_FILE",
    "GIT_PREFIX",
    "GIT_EXEC_PATH",
    "GIT_EDITOR",
    "GIT_SEQUENCE_EDITOR",
    "GIT_PAGER",
    "GIT_ASKPASS",
    "GIT_TERMINAL_PROMPT",
    "GIT_REFLOG_ACTION",
    "GIT_AUTHOR_NAME",
    "GIT_AUTHOR_EMAIL",
    "GIT_AUTHOR_DATE",
    "GIT_COMMITTER_NAME",
    "GIT_COMMITTER_EMAIL",
    "GIT_COMMITTER_DATE",
    "GPG_TTY",
    "GPG_AGENT_INFO",
    "PIP_INDEX_URL",
    "PIP_EXTRA_INDEX_URL",
    "PIP_CACHE_DIR",
    "PIP_CONFIG_FILE",
    "PIP_DISABLE_PIP_VERSION_CHECK",
    "PIP_NO_CACHE_DIR",
    "PIP_NO_INPUT",
    "PIP_REQUIRE_VIRTUALENV",
    "UV",
    "UV_CACHE_DIR",
    "UV_LINK_MODE",
    "UV_PROJECT_ENVIRONMENT",
    "UV_PYTHON",
    "UV_RUN_RECURSION_DEPTH",
    "CARGO",
    "CARGO_HOME",
    "CARGO_MANIFEST_DIR",
    "CARGO_MANIFEST_PATH",
    "CARGO_TARGET_DIR",
    "CARGO_TERM_COLOR",
    "RUSTUP_HOME",
    "RUSTUP_TOOLCHAIN",
    "RUST_BACKTRACE",
    "RUST_LOG",
    "RUST_MIN_STACK",
    "RUST_RECURSION_COUNT",
    "PYTEST_CURRENT_TEST",
    "PYTEST_VERSION",
    "PYTEST_XDIST_WORKER",
    "PYTEST_XDIST_WORKER_COUNT",
    "PYTEST_XDIST_TESTRUNUID",
    "BASH_ENV",
    "BASH_EXECUTION_STRING",
    "DBUS_SESSION_BUS_ADDRESS",
    "DBUS_STARTER_ADDRESS",
    "DBUS_STARTER_BUS_TYPE",
];
/// The beginnings of names that no application would choose for its own.
const OF_THE_CALL_PREFIXES: &[&str] = &[
    "SSH_",
    "XDG_",
    "VSCODE_",
    "ALUDEL_",
    "CARGO_PKG_",
    "CARGO_BIN_EXE_",
    "npm_",
    "BASH_FUNC_",
    "DIRENV_",
    "STARSHIP_",
    "KITTY_",
    "ITERM_",
    "ALACRITTY_",
    "KONSOLE_",
    "WEZTERM_",
];

#[derive(Deserialize, Serialize)]
struct Entry {
    digest: String,
    document: Document,
}

/// Returns the name of the entry for a request to an interpreter.
pub(crate) fn key(interpreter: &Interpreter, request: &str, project_dir: &Path) -> String {
    let mut hash = Sha256::new();
    for part in [
        SCRIPT,
        env!("CARGO_PKG_VERSION"),
        request,
        &interpreter.shown(),
    ] {
        add(&mut hash, part.as_bytes());
    }
    add(&mut hash, project_dir.as_os_str().as_encoded_bytes());
    hex(hash)
}

/// Returns the kept answer if everything that it was made of is as it was.
pub(crate) fn look_up(cache_dir: &Path, key: &str) -> Option<Document> {
    let entry: Entry = serde_json::from_slice(&fs_err::read(path(cache_dir, key)).ok()?).ok()?;
    (digest(&entry.document)? == entry.digest).then_some(entry.document)
}

/// Keeps an answer. A cache that cannot be written is no error: the next run asks Python again.
pub(crate) fn store(cache_dir: &Path, key: &str, document: &Document) {
    #[derive(Serialize)]
    struct Borrowed<'a> {
        digest: String,
        document: &'a Document,
    }
    let Some(digest) = digest(document) else {
        return;
    };
    let Ok(text) = serde_json::to_vec(&Borrowed { digest, document }) else {
        return;
    };
    let path = path(cache_dir, key);
    let unfinished = path.with_extension(format!("{}.tmp", std::process::id()));
    let written = fs_err::create_dir_all(cache_dir)
        .and_then(|()| fs_err::write(&unfinished, text))
        .and_then(|()| fs_err::rename(&unfinished, &path));
    if written.is_err() {
        let _ = fs_err::remove_file(&unfinished);
    }
}

fn path(cache_dir: &Path, key: &str) -> PathBuf {
    cache_dir.join(format!("sqlalchemy-{key}.json"))
}

/// Returns the state of everything that the answer was made of; `None` when that cannot be told from here (Python ran
/// in a container, a file is gone).
fn digest(document: &Document) -> Option<String> {
    let inputs = &document.inputs;
    if inputs.files.len() + inputs.packages.len() > INPUT_LIMIT {
        return None;
    }
    let mut hash = Sha256::new();
    for file in &inputs.files {
        add(&mut hash, file.as_bytes());
        add(&mut hash, &fs_err::read(file).ok()?);
    }
    for file in inputs.packages.iter().chain([&document.python.executable]) {
        let metadata = fs_err::metadata(file).ok()?;
        let changed = metadata.modified().ok()?.duration_since(UNIX_EPOCH).ok()?;
        add(&mut hash, file.as_bytes());
        add(&mut hash, &metadata.len().to_le_bytes());
        add(&mut hash, &changed.as_nanos().to_le_bytes());
    }
    for folder in &inputs.folders {
        add(&mut hash, folder.as_bytes());
        for name in module_names(Path::new(folder))? {
            add(&mut hash, name.as_bytes());
        }
    }
    let always = ["PYTHONPATH", "PYTHONHOME"];
    for name in inputs.environment.iter().map(String::as_str).chain(always) {
        add(&mut hash, name.as_bytes());
        match env::var_os(name) {
            Some(value) => add(&mut hash, value.as_encoded_bytes()),
            None => hash.update([0]),
        }
    }
    if inputs.iterates_environment {
        for (name, value) in looked_through() {
            add(&mut hash, name.as_encoded_bytes());
            add(&mut hash, value.as_encoded_bytes());
        }
    }
    Some(hex(hash))
}

/// The variables that somebody who looks through all of them may have looked for, in order.
fn looked_through() -> BTreeMap<OsString, OsString> {
    let is_of_the_call = |name: &str| {
        OF_THE_CALL.contains(&name)
            || OF_THE_CALL_PREFIXES
                .iter()
                .any(|prefix| name.starts_with(prefix))
    };
    env::vars_os()
        .filter(|(name, _)| !name.to_str().is_some_and(is_of_the_call))
        .collect()
}

/// The names in a folder that Python could import.
fn module_names(folder: &Path) -> Option<Vec<String>> {
    let mut names = Vec::new();
    for entry in fs_err::read_dir(folder).ok()? {
        let entry = entry.ok()?;
        let name = entry.file_name().to_string_lossy().into_owned();
        let is_folder = entry.file_type().ok()?.is_dir();
        let python = Path::new(&name)
            .extension()
            .is_some_and(|extension| extension == "py");
        if python || (is_folder && !name.starts_with(['.', '_'])) {
            names.push(name);
        }
    }
    names.sort();
    Some(names)
}

/// Adds a part with its length, so that two lists of parts never read as one.
fn add(hash: &mut Sha256, part: &[u8]) {
    hash.update(part.len().to_le_bytes());
    hash.update(part);
}

fn hex(hash: Sha256) -> String {
    let mut text = String::new();
    for byte in hash.finalize() {
        // Writing into a string cannot fail.
        let _ = write!(text, "{byte:02x}");
    }
    text
}
