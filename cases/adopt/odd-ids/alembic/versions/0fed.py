# -*- coding: latin-1 -*-
"""Café, whose id is the name of its file

Create Date: 2023-02-04 09:00:00
"""
from alembic import op

down_revision = "third"
branch_labels = None
depends_on = None


def upgrade():
    op.execute("CREATE TABLE cafés (name text DEFAULT 'café')")


def downgrade():
    op.execute("DROP TABLE cafés")
