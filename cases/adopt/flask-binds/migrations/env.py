# The parts of the template `multidb` of Flask-Migrate's that make it one.
from alembic import context
from flask import current_app

db = current_app.extensions["migrate"].db
bind_names = list(current_app.config["SQLALCHEMY_BINDS"])


def run_migrations():
    connections = {name: db.engines[name or None].connect() for name in ["", *bind_names]}
    transactions = [connection.begin() for connection in connections.values()]
    for name, connection in connections.items():
        context.configure(connection=connection, target_metadata=db.metadatas[name or None])
        context.run_migrations(engine_name=name)
    for transaction in transactions:
        transaction.commit()
    for connection in connections.values():
        connection.close()


def run_offline():
    for name in ["", *bind_names]:
        context.configure(url=current_app.config["SQLALCHEMY_DATABASE_URI"], target_metadata=db.metadatas[name or None])
        with context.begin_transaction():
            context.run_migrations(engine_name=name)


if context.is_offline_mode():
    run_offline()
else:
    run_migrations()
