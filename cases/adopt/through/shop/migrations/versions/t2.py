"""the first order

Revision ID: t2
Revises: t1
Create Date: 2024-05-02 09:00:00
"""

from alembic import op

revision = "t2"
down_revision = "t1"


def upgrade():
    op.execute("INSERT INTO shop.orders VALUES (1)")


def downgrade():
    op.execute("DELETE FROM shop.orders")
