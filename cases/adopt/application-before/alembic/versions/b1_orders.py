"""orders

Revision ID: b1
Revises:
Create Date: 2024-05-01 09:00:00.000000

"""

import sqlalchemy as sa
from alembic import op

revision = "b1"
down_revision = None


def upgrade():
    op.create_table(
        "orders",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("account_id", sa.Integer, sa.ForeignKey("account.id"), nullable=False),
    )


def downgrade():
    op.drop_table("orders")
