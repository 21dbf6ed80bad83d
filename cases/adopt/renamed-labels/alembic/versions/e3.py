"""e3

Revision ID: e3
Revises: e2
"""
from alembic import op

revision = "e3"
down_revision = "e2"


def upgrade():
    op.execute("ALTER TYPE mood ADD VALUE 'new' BEFORE 'high'")

def downgrade():
    pass
