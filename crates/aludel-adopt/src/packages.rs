//! Where the project's Python has its packages; none is imported to learn that.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

use aludel_source::python_project;

/// The packages that a project's Python finds, each asked for once.
#[derive(Debug)]
pub struct Packages {
    folder: PathBuf,
    python: Option<String>,
    known: RefCell<BTreeMap<String, Option<PathBuf>>>,
}

impl Packages {
    /// Those of the Python that the command names, else of the one that belongs to the folder.
    pub fn of(folder: &Path, python: Option<&str>) -> Self {
        Self {
            folder: folder.to_owned(),
            python: python.map(str::to_owned),
            known: RefCell::default(),
        }
    }

    /// The folder of a package.
    pub(crate) fn folder(&self, package: &str) -> Option<PathBuf> {
        let known = self.known.borrow().get(package).cloned();
        known.unwrap_or_else(|| {
            let found = self.ask(package);
            let mut known = self.known.borrow_mut();
            known.insert(package.to_owned(), found.clone());
            found
        })
    }

    fn ask(&self, package: &str) -> Option<PathBuf> {
        const ASK: &str = "import importlib.util, sys\n\
                           spec = importlib.util.find_spec(sys.argv[1])\n\
                           print(list(spec.submodule_search_locations)[0])";
        let interpreter = python_project::find(&self.folder, None, self.python.as_deref()).ok()?;
        let (program, words) = interpreter.command();
        let output = Command::new(program)
            .args(words)
            .args(["-c", ASK, package])
            .current_dir(&self.folder)
            .stdin(Stdio::null())
            .output()
            .ok()?;
        let printed = String::from_utf8_lossy(&output.stdout);
        let line = printed.lines().last().filter(|_| output.status.success())?;
        Some(PathBuf::from(line))
    }
}
