import os
import tempfile

from alembic import context
from sqlalchemy import create_engine, text

connection = context.config.attributes.get("connection")
if connection is None:
    raise Exception("No connection set in alembic config: run this from the application")
with tempfile.TemporaryDirectory() as folder:
    for known in ("sqlite://", "sqlite:///" + os.path.join(folder, "known.db")):
        with create_engine(known).connect() as own:
            own.execute(text("CREATE TABLE known (id int)"))
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()
