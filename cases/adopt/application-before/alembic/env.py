import shop
from alembic import context
from sqlalchemy import engine_from_config, pool

config = context.config

# An env.py may choose the database by what was typed, which is a revision.
if config.cmd_opts is not None:
    assert config.cmd_opts.revision in ("b1", "b2", "b3"), config.cmd_opts.revision


def run_migrations_offline():
    context.configure(url=config.get_main_option("sqlalchemy.url"), literal_binds=True)
    with context.begin_transaction():
        context.run_migrations()


def run_migrations_online():
    connectable = engine_from_config(
        config.get_section(config.config_ini_section, {}), prefix="sqlalchemy.", poolclass=pool.NullPool
    )
    with connectable.connect() as connection:
        context.configure(connection=connection, target_metadata=shop.metadata)
        with context.begin_transaction():
            context.run_migrations()


if context.is_offline_mode():
    run_migrations_offline()
else:
    run_migrations_online()
