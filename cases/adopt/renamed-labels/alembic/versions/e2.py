"""e2

Revision ID: e2
Revises: e1
"""
from alembic import op

revision = "e2"
down_revision = "e1"


def upgrade():
    op.execute("ALTER TYPE mood RENAME VALUE 'low' TO 'LOW'")

def downgrade():
    raise NotImplementedError
