//! Alembic's revisions, which are read for the models that they alone import.

use crate::{Project, python};

#[test]
fn an_edited_revision_is_read_again_when_python_has_its_bytecode() {
    let revision = "migrations/versions/a1.py";
    let env = "from sqlalchemy import MetaData\ntarget_metadata = MetaData()\n";
    let project = Project::new(&[
        ("migrations/env.py", env),
        (revision, "revision, down_revision = 'a1', None\n"),
    ]);
    let mut compile = std::process::Command::new(python());
    compile
        .args(["-m", "py_compile"])
        .arg(project.path(revision));
    assert!(compile.status().unwrap().success());
    assert_eq!(project.load("migrations/env.py").warnings.len(), 1);
    project.write(revision, "import nowhere\n");
    let warning = &project.load("migrations/env.py").warnings[0].message;
    assert!(warning.ends_with("No module named 'nowhere'"), "{warning}");
}

#[test]
fn revisions_that_are_read_connect_to_nothing() {
    let env = "from alembic import context\nfrom sqlalchemy import MetaData\n\
               context.configure(url='postgresql://', target_metadata=MetaData())\ncontext.run_migrations()\n";
    let files = [
        ("alembic.ini", "[alembic]\nscript_location = migrations\n"),
        ("migrations/env.py", env),
    ];
    for connects in [
        "import psycopg\npsycopg.connect('postgresql://real.invalid/shop')\n",
        "from psycopg import Connection\nConnection.connect('postgresql://real.invalid/shop')\n",
        "import asyncio, asyncpg\nasync def pool():\n    await asyncpg.create_pool('postgresql://real.invalid/shop')\n\
         asyncio.run(pool())\n",
        "from sqlalchemy import create_engine\ncreate_engine('postgresql+psycopg://real.invalid/shop').connect()\n",
        "from pg8000.native import Connection\nConnection('shop', host='real.invalid')\n",
    ] {
        let connecting = [files.as_slice(), &[("migrations/versions/a1.py", connects)]].concat();
        let loaded = Project::new(&connecting).load("migrations/env.py");
        let said = loaded.warnings[0].message.replace("../", "");
        assert!(
            said.starts_with("Alembic's revisions cannot be read: migrations/versions/a1.py:")
                && said.ends_with(" connects to a database"),
            "{connects}: {said}"
        );
    }
}
