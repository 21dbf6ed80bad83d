import os

from alembic import context
from sqlalchemy import engine_from_config, pool

config = context.config

for name in config.get_main_option("databases").split(", "):
    section = config.get_section(name)
    section["sqlalchemy.url"] = os.environ.get("%s_URL" % name.upper(), config.get_main_option("sqlalchemy.url"))
    engine = engine_from_config(section, prefix="sqlalchemy.", poolclass=pool.NullPool)
    with engine.connect() as connection:
        context.configure(connection=connection, upgrade_token="%s_upgrades" % name, downgrade_token="%s_downgrades" % name)
        with context.begin_transaction():
            context.run_migrations(engine_name=name)
