from alembic import context

connection = context.config.attributes.get("connection")
if connection is None:
    raise Exception("No connection set in alembic config: run this from the application")
context.configure(connection=connection)
with context.begin_transaction():
    context.run_migrations()
