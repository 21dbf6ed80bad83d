//! The examples work as they say: the demo walks to its end, the Python shop's tests pass.

use std::path::Path;

use crate::project::{Project, checkout};

#[test]
fn the_demo_walks_to_its_end() {
    let project = Project::new();
    let shop = project.path().join("shop");
    let output = project
        .command(checkout().join("examples/shop/demo"))
        .env("DEMO", &shop)
        .output()
        .unwrap();
    let _ = project
        .command("aludel")
        .current_dir(&shop)
        .args(["--quiet", "db", "stop"])
        .output();
    let said = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}\n{errors}");
    assert!(said.contains("5 revisions: 5 good, 0 failed"), "{said}");
    assert!(
        said.contains("its database is in") || said.contains("Its database is in"),
        "{said}"
    );
}

#[test]
fn the_python_shop_passes_its_tests() {
    let python = checkout().join(".venv/bin/python");
    assert!(
        python.exists(),
        "{} is missing: run `make test-setup`",
        python.display()
    );
    let project = Project::new();
    copy(&checkout().join("examples/shop-python"), project.path());
    let output = project
        .command("make")
        .arg("test")
        .arg(format!("PYTHON={}", python.display()))
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stdout);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}\n{errors}");
    assert!(said.contains(" passed"), "{said}");

    let (said, code) = project.shell(&format!(
        "sed -i 's#^\\[models\\]#&\\npython = \"{}\"#' aludel.toml && aludel test && aludel check",
        python.display()
    ));
    assert_eq!(code, 0, "{said}");
}

/// Copies a folder; what begins with a dot (a database, an environment) stays.
fn copy(from: &Path, to: &Path) {
    std::fs::create_dir_all(to).unwrap();
    for entry in std::fs::read_dir(from).unwrap() {
        let entry = entry.unwrap();
        let name = entry.file_name();
        if name.to_string_lossy().starts_with(['.', '_']) && name != "__init__.py" {
            continue;
        }
        if entry.path().is_dir() {
            copy(&entry.path(), &to.join(&name));
        } else {
            std::fs::copy(entry.path(), to.join(&name)).unwrap();
        }
    }
}
