import os

from alembic import context
from sqlalchemy import engine_from_config, pool

config = context.config
here = os.path.dirname(os.path.abspath(__file__))

connectable = engine_from_config(config.get_section(config.config_ini_section, {}), prefix="sqlalchemy.", poolclass=pool.NullPool)
context.script.version_locations = [os.path.join(here, "versions", connectable.dialect.name)]
with connectable.connect() as connection:
    context.configure(connection=connection)
    with context.begin_transaction():
        context.run_migrations()
