"""e1

Revision ID: e1
Create Date: 2023-02-01 09:00:00
"""
import os
import sys

from alembic import op

revision = "e1"
down_revision = None


def upgrade():
    op.execute("CREATE TABLE one ()")


def downgrade():
    op.execute("DROP TABLE one")
