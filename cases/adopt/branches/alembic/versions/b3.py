"""b3

Revision ID: b3
Revises: b1
Create Date: 2023-02-03 09:00:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "b3"
down_revision = "b1"


def upgrade():
    op.create_table("three", sa.Column("id", sa.Integer, primary_key=True))


def downgrade():
    op.drop_table("three")
