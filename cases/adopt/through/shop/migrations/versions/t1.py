"""orders

Revision ID: t1
Create Date: 2024-05-01 09:00:00
"""

import sqlalchemy as sa
from alembic import op

revision = "t1"
down_revision = None


def upgrade():
    op.create_table("orders", sa.Column("id", sa.BigInteger, primary_key=True), schema="shop")


def downgrade():
    op.drop_table("orders", schema="shop")
