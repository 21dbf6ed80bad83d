"""nowhere

Revision ID: s2
Revises: s1
Create Date: 2024-05-02 09:00:00.000000

"""

from alembic import op

revision = "s2"
down_revision = "s1"


def upgrade():
    op.execute("ALTER TABLE nowhere ADD COLUMN x integer")


def downgrade():
    pass
