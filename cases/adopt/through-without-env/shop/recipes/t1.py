"""orders

Revision ID: t1
Create Date: 2024-05-01 09:00:00
"""

import sqlalchemy as sa
from alembic import op

revision = "t1"
down_revision = None
branch_labels = ("orders",)


def upgrade(prefix):
    op.create_table(prefix + "orders", sa.Column("id", sa.BigInteger, primary_key=True))


def downgrade(prefix):
    op.drop_table(prefix + "orders")
