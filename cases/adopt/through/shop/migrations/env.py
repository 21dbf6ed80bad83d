from alembic import context
from sqlalchemy import create_engine, pool

with create_engine(context.config.shop_url, poolclass=pool.NullPool).connect() as connection:
    context.configure(connection=connection, version_table_schema="shop", include_schemas=True)
    with context.begin_transaction():
        context.run_migrations()
