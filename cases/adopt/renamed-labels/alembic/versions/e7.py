"""e7

Revision ID: e7
Revises: e6
"""
from alembic import op

revision = "e7"
down_revision = "e6"


def upgrade():
    # What was renamed stays beside what has its name now.
    op.alter_column("people", "note", new_column_name="note_old")
    op.execute("ALTER TABLE people ADD note integer")
    op.rename_table("people", "people_old")
    op.execute("CREATE TABLE people (id integer)")


def downgrade():
    raise NotImplementedError
