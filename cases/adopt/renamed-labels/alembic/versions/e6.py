"""e6

Revision ID: e6
Revises: e5
"""
from alembic import op

revision = "e6"
down_revision = "e5"


def upgrade():
    # A table made anew, as for a database that cannot change one.
    op.execute("CREATE TABLE new_people (id integer, mood mood, note text)")
    op.execute("INSERT INTO new_people SELECT id, mood FROM people")
    op.drop_table("people")
    op.rename_table("new_people", "people")


def downgrade():
    raise NotImplementedError
