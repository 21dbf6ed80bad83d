"""`python -m shop upgrade` brings the database to the newest revisions."""

import os
import sys

import sqlalchemy as sa
from alembic.config import Config
from alembic.operations import Operations
from alembic.runtime.environment import EnvironmentContext
from alembic.script import ScriptDirectory

if sys.argv[1:] != ["upgrade"]:
    sys.exit("usage: python -m shop upgrade")
here = os.path.dirname(os.path.abspath(__file__))
folders = [os.path.join(here, "recipes"), os.path.join(here, "stock")]
config = Config()
config.set_main_option("script_location", folders[0])
config.set_main_option("version_locations", " ".join(folders))
script = ScriptDirectory.from_config(config)
environment = EnvironmentContext(config, script)
engine = sa.create_engine("postgresql+psycopg://admin:secret@production.example.org/shop")
environment.configure(connection=engine.connect(), version_table="shop_version", target_metadata=sa.MetaData())
context = environment.get_context()
with context.begin_transaction():
    context._migrations_fn = lambda heads, context: script._upgrade_revs("heads", heads)
    with Operations.context(context):
        context.run_migrations(prefix="shop_")
