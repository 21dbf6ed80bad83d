from alembic import context
from alembic.ddl.postgresql import PostgresqlImpl
from sqlalchemy import String, engine_from_config, pool

config = context.config


class WideIds(PostgresqlImpl):
    __dialect__ = "postgresql"

    def version_table_impl(self, **named):
        table = super().version_table_impl(**named)
        table.c.version_num.type = String(64)
        return table


def run_migrations_offline():
    context.configure(url=config.get_main_option("sqlalchemy.url"), literal_binds=True)
    with context.begin_transaction():
        context.run_migrations()


def run_migrations_online():
    connectable = engine_from_config(
        config.get_section(config.config_ini_section, {}), prefix="sqlalchemy.", poolclass=pool.NullPool
    )
    with connectable.connect() as connection:
        connection.exec_driver_sql("CREATE SCHEMA IF NOT EXISTS app")
        connection.exec_driver_sql("SET search_path TO app, public")
        connection.commit()
        context.configure(connection=connection, version_table="history", version_table_schema="app")
        with context.begin_transaction():
            context.run_migrations()


if context.is_offline_mode():
    run_migrations_offline()
else:
    run_migrations_online()
