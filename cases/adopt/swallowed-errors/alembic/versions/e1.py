"""e1

Revision ID: e1
Revises: 
Create Date: 2023-02-01 09:00:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "e1"
down_revision = None


def upgrade():
    op.create_table("one", sa.Column("id", sa.Integer, primary_key=True))
    connection = op.get_bind()
    try:
        with connection.begin_nested():
            connection.execute(sa.text("ALTER TABLE nowhere ADD COLUMN x int"))
    except sa.exc.ProgrammingError:
        print("no such table")
    with op.get_context().autocommit_block():
        try:
            op.execute("DROP TABLE nowhere")
        except sa.exc.ProgrammingError:
            pass
        op.execute("CREATE TABLE two (id int)")


def downgrade():
    op.drop_table("two")
    op.drop_table("one")
