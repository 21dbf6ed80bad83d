//! What is said when models cannot be read.

use crate::{Project, shop};

#[test]
fn a_wrong_key_in_info_is_named_with_the_nearest_right_one() {
    let project = Project::new(&[(
        "models.py",
        "from sqlalchemy import *\nm = MetaData()\nTable('t', m, Column('a', Integer), info={'rls': {'polices': []}})\n",
    )]);
    let error = project.try_load("models:m").unwrap_err();
    assert_eq!(
        error.to_string(),
        "table t: info[\"rls\"] has no key `polices`"
    );
    assert_eq!(error.hint().as_deref(), Some("did you mean `policies`?"));
}

#[test]
fn an_import_that_fails_shows_pythons_own_frames_and_a_hint() {
    let project = Project::new(&[
        ("models.py", "from settings import URL\n"),
        (
            "settings.py",
            "import os\nURL = os.environ['SHOP_URL_THAT_NO_ONE_SETS']\n",
        ),
        ("other.py", "import package_that_is_not_there\n"),
    ]);
    let error = project.try_load("models:Base").unwrap_err();
    assert_eq!(error.to_string(), "module `models` cannot be imported");
    assert_eq!(
        error.details()[..3],
        [
            "models.py:1, in <module>: from settings import URL",
            "settings.py:2, in <module>: URL = os.environ['SHOP_URL_THAT_NO_ONE_SETS']",
            "KeyError: 'SHOP_URL_THAT_NO_ONE_SETS'",
        ]
    );
    assert!(
        error
            .hint()
            .unwrap()
            .contains("environment variable SHOP_URL_THAT_NO_ONE_SETS")
    );
    let error = project.try_load("other:Base").unwrap_err();
    assert!(
        error
            .hint()
            .unwrap()
            .contains("`package_that_is_not_there` is not installed in"),
        "{error:?}"
    );
    let error = project.try_load("nowhere:Base").unwrap_err();
    assert!(
        error
            .hint()
            .unwrap()
            .contains("Python looked for `nowhere`"),
        "{error:?}"
    );
}

#[test]
fn an_application_that_connects_when_it_is_imported_is_named_with_its_line() {
    // Nothing listens on port 1.
    let project = Project::new(&[(
        "models.py",
        "from sqlalchemy import *\nengine = create_engine('postgresql+psycopg://nobody@127.0.0.1:1/none')\n\
         metadata = MetaData()\nTable('t', metadata, Column('a', Integer))\nmetadata.create_all(engine)\n",
    )]);
    let error = project.try_load("models:metadata").unwrap_err();
    let details = error.details();
    assert_eq!(
        details[0],
        "models.py:5, in <module>: metadata.create_all(engine)"
    );
    let exception = details
        .iter()
        .position(|line| line.starts_with("OperationalError"));
    assert_eq!(exception, Some(8), "{details:#?}");
    let hint = error.hint().unwrap();
    assert!(hint.starts_with("the application connects to a database as soon as it is imported"));
}

#[test]
fn an_interpreter_without_sqlalchemy_is_named() {
    let mut project = shop();
    project.context.python = Some("python3 -I -S".to_owned());
    let error = project.try_load("app.models:Base").unwrap_err();
    assert!(
        error
            .to_string()
            .starts_with("SQLAlchemy is not installed in "),
        "{error}"
    );
    project.context.python = Some("python-that-is-not-there".to_owned());
    let error = project.try_load("app.models:Base").unwrap_err();
    assert!(
        error
            .to_string()
            .starts_with("cannot start `python-that-is-not-there`"),
        "{error}"
    );
}
