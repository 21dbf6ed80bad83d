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

#[test]
fn classes_of_a_revision_need_not_be_whole() {
    let env = "from alembic import context\nfrom shop import Base\n\
               context.configure(url='postgresql://', target_metadata=Base.metadata)\ncontext.run_migrations()\n";
    // Nothing of its own makes the join; nothing of the revision asks for it either.
    let revision = "import sqlalchemy as sa\nfrom sqlalchemy.orm import declarative_base, relationship\n\
                    from shop import User\n\
                    revision, down_revision = 'a1', None\nBase = declarative_base()\n\
                    class Tag(Base):\n    __tablename__ = 'tag'\n    id = sa.Column(sa.Integer, primary_key=True)\n    \
                    owner_id = sa.Column(sa.Integer)\n    \
                    owner = relationship(User, primaryjoin=lambda: Tag.owner_id == User.id)\n";
    let models = "import sqlalchemy as sa\nfrom sqlalchemy.orm import declarative_base\nBase = declarative_base()\n\
                  class User(Base):\n    __tablename__ = 'users'\n    id = sa.Column(sa.Integer, primary_key=True)\n";
    let files = [
        ("alembic.ini", "[alembic]\nscript_location = migrations\n"),
        ("migrations/env.py", env),
        ("migrations/versions/a1.py", revision),
        ("shop.py", models),
    ];
    let loaded = Project::new(&files).load("migrations/env.py");
    assert_eq!(loaded.tables.len(), 1);
    // What the application's own classes lack, it is told.
    let broken = models.to_owned()
        + "from sqlalchemy.orm import relationship\nclass Tag(Base):\n    __tablename__ = 'tag'\n    \
           id = sa.Column(sa.Integer, primary_key=True)\n    owner_id = sa.Column(sa.Integer)\n    \
           owner = relationship(User)\n";
    let project = Project::new(&files);
    project.write("shop.py", &broken);
    let error = project.try_load("migrations/env.py").unwrap_err();
    let said = format!("{error:?}");
    assert!(said.contains("relationship Tag.owner"), "{said}");
}
