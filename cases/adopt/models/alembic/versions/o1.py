"""orders

Revision ID: o1
Revises:
Create Date: 2023-02-01 09:00:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "o1"
down_revision = None


def upgrade():
    op.create_table(
        "orders",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("total", sa.BigInteger, server_default="0", nullable=False),
    )


def downgrade():
    op.drop_table("orders")
