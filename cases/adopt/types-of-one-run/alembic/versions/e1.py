"""orders

Revision ID: e1
Revises: 
Create Date: 2024-06-01 09:00:00
"""

import sqlalchemy as sa
from alembic import op

revision = "e1"
down_revision = None

state = sa.Enum("new", "paid", name="state")


def upgrade():
    op.create_table("orders", sa.Column("id", sa.Integer, primary_key=True), sa.Column("state", state, nullable=False))


def downgrade():
    op.drop_table("orders")
    op.execute("DROP TYPE state")
