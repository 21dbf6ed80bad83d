"""begin

Revision ID: i1
Revises:
Create Date: 2023-02-01 09:00:00
"""

revision = "i1"
down_revision = None


def upgrade():
    pass


def downgrade():
    pass
