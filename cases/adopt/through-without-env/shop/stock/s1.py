"""stock

Revision ID: s1
Create Date: 2024-05-02 09:00:00
"""

import sqlalchemy as sa
from alembic import op

revision = "s1"
down_revision = None
branch_labels = ("stock",)
depends_on = "t1"


def upgrade(prefix):
    op.create_table(
        prefix + "stock",
        sa.Column("id", sa.BigInteger, primary_key=True),
        sa.Column("last_order", sa.BigInteger, sa.ForeignKey(prefix + "orders.id")),
    )


def downgrade(prefix):
    op.drop_table(prefix + "stock")
