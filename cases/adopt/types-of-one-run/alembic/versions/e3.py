"""parcels

Revision ID: e3
Revises: e2
Create Date: 2024-06-03 09:00:00
"""

import sqlalchemy as sa
from alembic import op

revision = "e3"
down_revision = "e2"

state = sa.Enum("new", "paid", name="state")


def upgrade():
    op.create_table("parcels", sa.Column("id", sa.Integer, primary_key=True), sa.Column("state", state, nullable=False))


def downgrade():
    op.drop_table("parcels")
