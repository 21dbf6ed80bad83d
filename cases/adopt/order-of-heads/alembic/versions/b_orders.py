"""orders

Revision ID: o1
Create Date: 2024-01-01 09:00:00
"""

import sqlalchemy as sa
from alembic import op

revision = "o1"
down_revision = None
branch_labels = ("orders",)


def upgrade():
    op.create_table("orders", sa.Column("id", sa.Integer, primary_key=True))


def downgrade():
    op.drop_table("orders")
