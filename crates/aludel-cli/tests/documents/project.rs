//! A folder to work in, with the tool on the path and a database that is stopped at the end.

use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// A fresh folder that the server's account can enter.
pub(crate) struct Project {
    directory: tempfile::TempDir,
}

impl Project {
    /// Makes an empty one.
    pub(crate) fn new() -> Self {
        let directory = tempfile::tempdir().unwrap();
        let open = std::fs::Permissions::from_mode(0o755);
        std::fs::set_permissions(directory.path(), open).unwrap();
        Self { directory }
    }

    pub(crate) fn path(&self) -> &Path {
        self.directory.path()
    }

    /// A program run here as a person would: the tool found by its name, no settings from outside.
    pub(crate) fn command(&self, program: impl AsRef<std::ffi::OsStr>) -> Command {
        let tool = Path::new(env!("CARGO_BIN_EXE_aludel"));
        let mut path = tool.parent().unwrap().as_os_str().to_owned();
        path.push(":");
        path.push(std::env::var_os("PATH").unwrap_or_default());
        let mut command = Command::new(program);
        command
            .current_dir(self.path())
            .stdin(Stdio::null())
            .env("PATH", path)
            .env("ALUDEL", tool)
            .env("NO_COLOR", "1")
            .env("GIT_CONFIG_GLOBAL", "/dev/null")
            .env("GIT_CONFIG_NOSYSTEM", "1");
        for who in ["AUTHOR", "COMMITTER"] {
            command.env(format!("GIT_{who}_NAME"), "you");
            command.env(format!("GIT_{who}_EMAIL"), "you@example.com");
        }
        for name in ["DATABASE_URL", "ALUDEL_SCRATCH_URL", "ALUDEL_CONFIG"] {
            command.env_remove(name);
        }
        command
    }

    /// Runs a shell command; returns its output as a terminal would show it, and the exit code.
    pub(crate) fn shell(&self, line: &str) -> (String, i32) {
        let output = self
            .command("bash")
            .args(["-c", &format!("{{ {line}\n}} 2>&1")])
            .output()
            .unwrap();
        let text = String::from_utf8(output.stdout).unwrap();
        (text, output.status.code().unwrap_or(-1))
    }
}

impl Drop for Project {
    fn drop(&mut self) {
        let _ = self
            .command(env!("CARGO_BIN_EXE_aludel"))
            .args(["--quiet", "db", "stop"])
            .output();
    }
}

/// The top of the checkout.
pub(crate) fn checkout() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("../..")
        .canonicalize()
        .unwrap()
}
