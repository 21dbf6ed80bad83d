"""e2

Revision ID: e2
Create Date: 2023-02-02 09:00:00
"""
import os
import sys

from alembic import op

revision = "e2"
down_revision = "e1"


def upgrade():
    print("the disk is full", file=sys.stderr, flush=True)
    os._exit(3)


def downgrade():
    pass
