"""stock

Revision ID: s1
Create Date: 2024-02-01 09:00:00
"""

import sqlalchemy as sa
from alembic import op

revision = "s1"
down_revision = None
branch_labels = ("stock",)


def upgrade():
    op.create_table(
        "stock",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("last_order", sa.Integer, sa.ForeignKey("orders.id")),
    )


def downgrade():
    op.drop_table("stock")
