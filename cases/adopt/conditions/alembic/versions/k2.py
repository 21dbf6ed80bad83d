"""k2

Revision ID: k2
Revises: k1
Create Date: 2023-02-02 09:00:00.000000

"""
import contextlib

import sqlalchemy as sa
from alembic import context, op

revision = "k2"
down_revision = "k1"


@contextlib.contextmanager
def unguarded(connection):
    connection.execute(sa.text("SET session_replication_role = replica"))
    yield
    connection.execute(sa.text("SET session_replication_role = origin"))


def upgrade():
    connection = op.get_bind()
    inspector = sa.inspect(connection)
    if not inspector.has_table("two"):
        op.create_table("two", sa.Column("id", sa.Integer, sa.ForeignKey("one.id")), sa.Column("note", sa.Text))
    if "note" not in [column["name"] for column in inspector.get_columns("two")]:
        op.add_column("two", sa.Column("wrong", sa.Text))
    with unguarded(connection):
        connection.execute(sa.text("INSERT INTO two VALUES (7, :note)"), {"note": "a%b $1 'c' \\n"})
    connection.execute(sa.text("SELECT setval('one_id_seq', 40)"))
    database = op.get_bind().engine.url.database
    op.execute(f"ALTER DATABASE {database} SET timezone TO 'UTC'")
    op.execute(f"COMMENT ON DATABASE \"{database}\" IS '100 % ours'")
    if context.is_offline_mode():
        op.execute("CREATE TABLE offline ()")


def downgrade():
    op.drop_table("two")
