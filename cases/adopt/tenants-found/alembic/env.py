from alembic import context
from sqlalchemy import engine_from_config, pool, text

config = context.config
connectable = engine_from_config(config.get_section(config.config_ini_section), poolclass=pool.NullPool)

with connectable.connect() as connection:
    tenants = connection.execute(text("SELECT nspname FROM pg_namespace WHERE nspname LIKE 'tenant_%'")).scalars().all()
    for tenant in tenants:
        connection.execute(text(f'SET search_path TO "{tenant}"'))
        connection.commit()
        connection.dialect.default_schema_name = tenant
        context.configure(connection=connection, version_table_schema=tenant)
        with context.begin_transaction():
            context.run_migrations()
