//! Every form in which revision files say what they are.

use super::*;

fn read_one(text: &str) -> Result<Option<AlembicRevision>, AdoptError> {
    let packages = Packages::of(Path::new("."), None);
    read_file(Path::new("versions/ae10_add_it.py"), text, 3, &packages)
}

#[test]
fn assignments_are_read_in_every_form() {
    let found = read_one(
        "\"\"\"add the account table\n\nRevision ID: ae10\nRevises: b, c\nCreate Date: 2023-05-02 09:30:00.123456+02:00\n\
         \"\"\"\nimport app\nPREFIX = \"ae\"\nrevision: str = PREFIX + \"10\"\ndown_revision: Union[str, None] = (\"b\", 'c')\n\
         branch_labels = ['shop']\ndepends_on = {\"shop-2\"}\n",
    )
    .unwrap()
    .unwrap();
    assert_eq!(found.id.as_str(), "ae10");
    assert_eq!(found.parents.len(), 2);
    assert_eq!(found.labels, ["shop"]);
    assert_eq!(found.depends_on[0].as_str(), "shop-2");
    assert_eq!(found.message, "add the account table");
    assert_eq!(found.created.to_string(), "2023-05-02T07:30:00.123456Z");
}

#[test]
fn several_names_in_one_assignment_are_read() {
    let text = "revision, (down_revision, depends_on) = 'ae10', ['b', ('c', 'd')]\nbranch_labels = other = 'shop'\n";
    let found = read_one(text).unwrap().unwrap();
    assert_eq!(found.id.as_str(), "ae10");
    assert_eq!(found.parents[0].as_str(), "b");
    assert_eq!(found.depends_on.len(), 2);
    assert_eq!(found.labels, ["shop"]);
    let error = read_one("import x\nrevision, down_revision = x.both()\n").unwrap_err();
    assert!(
        matches!(&error, AdoptError::Computed { line: 2, name, .. } if name == "revision"),
        "{error}"
    );
}

#[test]
fn a_file_without_words_is_called_after_its_name() {
    let found = read_one("revision = 'ae10'\ndown_revision = None\n")
        .unwrap()
        .unwrap();
    assert_eq!(found.message, "ae10 add it");
    assert_eq!(found.created.as_second(), 3);
    assert!(read_one("import os\n").unwrap().is_none());
}

#[test]
fn what_is_computed_is_told_with_its_line() {
    let error = read_one("import x\nrevision = 'a'\ndown_revision = x.parent('a')\n").unwrap_err();
    assert!(
        matches!(&error, AdoptError::Computed { line: 3, name, .. } if name == "down_revision"),
        "{error}"
    );
}

#[test]
fn what_has_no_date_stands_behind_what_it_follows() {
    let first = "\"\"\"first\n\nCreate Date: 2023-05-02 09:30:00\n\"\"\"\nrevision = 'a'\ndown_revision = None\n";
    let second = "revision = 'b'\ndown_revision = 'a'\n";
    let all = [second, first].map(|text| read_one(text).unwrap().unwrap());
    let dates: Vec<String> = order(all.into())
        .unwrap()
        .iter()
        .map(|one| one.created.to_string())
        .collect();
    assert_eq!(dates, ["2023-05-02T09:30:00Z", "2023-05-02T09:30:01Z"]);
}

#[test]
fn constants_of_the_application_are_found_where_it_lies() {
    let folder = tempfile::tempdir().unwrap();
    let place = |name: &str| folder.path().join(name);
    fs_err::create_dir_all(place("shop/db/versions")).unwrap();
    fs_err::write(
        place("shop/db/names.py"),
        "import os\nEXPAND: str = \"expand\"\n",
    )
    .unwrap();
    let packages = Packages::of(folder.path(), None);
    let read = |text: &str| read_file(&place("shop/db/versions/a.py"), text, 0, &packages);
    for import in [
        "from shop.db import names\nbranch_labels = (names.EXPAND,)",
        "import shop.db.names as n\nbranch_labels = n.EXPAND",
        "from shop.db.names import EXPAND as LABEL\nbranch_labels = [LABEL]",
    ] {
        let text = format!("revision = 'a'\ndown_revision = None\n{import}\n");
        assert_eq!(read(&text).unwrap().unwrap().labels, ["expand"], "{import}");
    }
    assert!(read("from shop.db.names import other\nrevision = other\n").is_err());
}

#[test]
fn constants_of_an_installed_package_are_read_and_not_run() {
    let folder = tempfile::tempdir().unwrap();
    let packages = Packages::of(folder.path(), None);
    let text = "from json import __author__ as who\nrevision = 'a'\nbranch_labels = who\n";
    let found = read_file(&folder.path().join("a.py"), text, 0, &packages);
    assert!(found.unwrap().unwrap().labels[0].starts_with("Bob"));
}

#[test]
fn a_dependency_without_a_name_is_none() {
    let found =
        read_one("revision = 'a'\ndown_revision = 'b'\nbranch_labels = ()\ndepends_on = ''\n");
    let found = found.unwrap().unwrap();
    assert!(found.labels.is_empty() && found.depends_on.is_empty());
}
