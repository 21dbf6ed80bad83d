"""invoices

Revision ID: e2
Revises: e1
Create Date: 2024-06-02 09:00:00
"""

import sqlalchemy as sa
from alembic import op

revision = "e2"
down_revision = "e1"

state = sa.Enum("new", "paid", name="state")


def upgrade():
    op.create_table("invoices", sa.Column("id", sa.Integer, primary_key=True), sa.Column("state", state, nullable=False))


def downgrade():
    op.drop_table(invoices)
