//! The Python environments: one for each application, installed once and byte-compiled.

use std::path::{Path, PathBuf};
use std::process::Command;

use super::project::{Project, finished};
use crate::{Failure, say};

/// An environment with an application in it.
#[derive(Clone, Debug)]
pub(super) struct Environment {
    pub(super) python: PathBuf,
    /// The folder of programs.
    pub(super) bin: PathBuf,
    /// The folder of packages.
    pub(super) packages: PathBuf,
}

impl Environment {
    /// Installs what is not there yet, by `uv` where the machine has it, else by `pip`.
    pub(super) fn install(project: &Project, environments: &Path) -> Result<Self, Failure> {
        let name = project.environment.as_ref().unwrap_or(&project.name);
        let folder = environments.join(name);
        let python = folder.join("bin/python");
        let mark = folder.join("installed.txt");
        let wanted = project.requirements.join("\n") + "\n";
        if !fs_err::read_to_string(&mark).is_ok_and(|text| text == wanted) {
            say(&format!("adopt-real: installing {wanted}").replace('\n', " "));
            fs_err::create_dir_all(environments)?;
            let uv = has_uv();
            if !python.exists() {
                let mut make = Command::new(if uv { "uv" } else { "python3" });
                if uv {
                    make.args(["venv", "--quiet", "--python", "python3"]);
                } else {
                    make.args(["-m", "venv"]);
                }
                finished(make.arg(&folder))?;
            }
            let mut install = Command::new(if uv { Path::new("uv") } else { &python });
            if uv {
                install
                    .args(["pip", "install", "--quiet", "--python"])
                    .arg(&python);
            } else {
                install.args(["-m", "pip", "install", "--quiet"]);
            }
            finished(install.args(&project.requirements))?;
            let packages = packages_of(&python)?;
            compile(&python, &packages);
            fs_err::write(&mark, wanted)?;
        }
        Ok(Self {
            packages: packages_of(&python)?,
            bin: folder.join("bin"),
            python,
        })
    }

    /// Byte-compiles a folder, as one that is used every day is.
    pub(super) fn compile(&self, folder: &Path) -> Result<(), Failure> {
        compile(&self.python, folder);
        if folder.is_dir() {
            Ok(())
        } else {
            Err(format!("{} is no folder", folder.display()).into())
        }
    }

    /// A program of the environment, or one of the machine's.
    pub(super) fn program(&self, name: &str) -> PathBuf {
        let own = self.bin.join(name);
        if own.exists() {
            own
        } else {
            PathBuf::from(name)
        }
    }
}

fn has_uv() -> bool {
    let asked = Command::new("uv").arg("--version").output();
    asked.is_ok_and(|output| output.status.success())
}

/// Some packages carry files that this Python cannot compile (templates, other versions' syntax); these stay as they are.
fn compile(python: &Path, folder: &Path) {
    let mut command = Command::new(python);
    command
        .args(["-m", "compileall", "-q", "-q", "-j", "0"])
        .arg(folder);
    let _ = command.env_remove("PYTHONDONTWRITEBYTECODE").output();
}

fn packages_of(python: &Path) -> Result<PathBuf, Failure> {
    const ASK: &str = "import sysconfig; print(sysconfig.get_path('purelib'))";
    let printed = finished(Command::new(python).args(["-c", ASK]))?;
    Ok(PathBuf::from(printed.trim()))
}
