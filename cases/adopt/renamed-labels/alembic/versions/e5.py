"""e5

Revision ID: e5
Revises: e4
"""
from alembic import op

revision = "e5"
down_revision = "e4"


def upgrade():
    op.alter_column("t", "m", new_column_name="mood")
    op.rename_table("t", "people")
    op.execute("ALTER TABLE people RENAME CONSTRAINT t_pkey TO people_pkey")


def downgrade():
    raise NotImplementedError
