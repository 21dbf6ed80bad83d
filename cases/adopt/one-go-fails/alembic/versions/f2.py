"""a table that has not been looked at cannot be changed

Revision ID: f2
Revises: f1
Create Date: 2023-02-02 09:00:00
"""
from alembic import op

revision = "f2"
down_revision = "f1"


def upgrade():
    op.execute("ALTER TABLE children ADD COLUMN name text")


def downgrade():
    op.execute("ALTER TABLE children DROP COLUMN name")
