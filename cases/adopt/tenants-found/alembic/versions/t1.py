"""orders

Revision ID: t1
Revises:
Create Date: 2024-02-01 09:00:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "t1"
down_revision = None


def upgrade():
    op.create_table("orders", sa.Column("id", sa.Integer, primary_key=True))


def downgrade():
    op.drop_table("orders")
