"""an index while the shop is open

Revision ID: s2
Revises: s1
Create Date: 2024-05-02 09:00:00
"""

import sqlalchemy as sa
from alembic import op

revision = "s2"
down_revision = "s1"


def upgrade():
    op.add_column("orders", sa.Column("placed", sa.DateTime()))
    op.execute("CREATE INDEX CONCURRENTLY placed ON orders (placed)")


def downgrade():
    op.execute("DROP INDEX CONCURRENTLY placed")
    op.drop_column("orders", "placed")
