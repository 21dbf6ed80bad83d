"""f3

Revision ID: f3
Revises: f2
Create Date: 2023-02-03 09:00:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "f3"
down_revision = "f2"


def upgrade():
    op.create_table("three", sa.Column("id", sa.Integer, primary_key=True))


def downgrade():
    op.drop_table("three")
