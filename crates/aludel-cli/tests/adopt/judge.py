"""What Alembic itself does with a project: `judge.py upgrade|downgrade|ensure_version|heads FOLDER URL [TARGET
[DATABASE]]`, by its own commands; `upgrade|downgrade FOLDER URL FROM:TO --sql` prints a script."""

import contextlib
import os
import re
import sys

from alembic import command
from alembic.config import Config
from alembic.runtime.environment import EnvironmentContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine


def at_heads(config):
    """Fails unless `upgrade heads` has nothing to do; `current --check-heads` does not see through `depends_on`."""
    script = ScriptDirectory.from_config(config)
    pending = []

    def steps(heads, context):
        pending.extend(script._upgrade_revs("heads", heads))
        return []

    with EnvironmentContext(config, script, fn=steps, destination_rev="heads"):
        script.run_env()
    assert not pending, "pending: %s" % pending


def with_flask(verb, target):
    """`flask db upgrade`, as Flask-Migrate's users type it."""
    from flask.cli import ScriptInfo
    from flask_migrate import upgrade

    app = ScriptInfo().load_app()
    with app.app_context():
        if verb == "upgrade":
            upgrade(revision=target)
        else:
            at_heads(app.extensions["migrate"].migrate.get_config())


def main(verb, folder, url, target="heads", database=None):
    os.chdir(folder)
    sys.path.insert(0, folder)
    os.environ["DATABASE_URL"] = url
    others = url
    if database == "--sql":
        config = Config("alembic.ini")
        config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
        return getattr(command, verb)(config, target, sql=True)
    if database:
        # The other databases of the environment are led away from the one that is judged.
        os.environ["%s_URL" % database.upper()] = url
        others = re.sub("@/[^?]*", "@/postgres", url)
    if os.path.exists("app.py"):
        return with_flask(verb, target)
    # As `alembic` does, which takes both where both are there.
    ini = "alembic.ini" if os.path.exists("alembic.ini") else None
    config = Config(ini, toml_file="pyproject.toml") if os.path.exists("pyproject.toml") else Config(ini)
    config.set_main_option("sqlalchemy.url", others.replace("%", "%%"))
    with shared_connection(config):
        answer(verb, config, target, database)


@contextlib.contextmanager
def shared_connection(config):
    """For an env.py that only runs with a connection in `config.attributes`, which its application puts there."""
    env = ScriptDirectory.from_config(config).env_py_location
    if not os.path.exists(env) or "config.attributes" not in open(env).read():
        yield
        return
    engine = create_engine(config.get_main_option("sqlalchemy.url"), isolation_level="AUTOCOMMIT")
    with engine.connect() as connection:
        config.attributes["connection"] = connection
        yield


def answer(verb, config, target, database):
    if verb == "upgrade":
        command.upgrade(config, target)
    elif verb == "ensure_version":
        command.ensure_version(config)
    elif verb == "downgrade":
        command.downgrade(config, target)
    elif not database:
        at_heads(config)


main(*sys.argv[1:])
