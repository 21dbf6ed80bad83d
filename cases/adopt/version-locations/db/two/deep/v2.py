"""v2

Revision ID: v2
Revises: v1
Create Date: 2023-02-02 09:00:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "v2"
down_revision = "v1"


def upgrade():
    op.create_table("two", sa.Column("id", sa.Integer, primary_key=True))


def downgrade():
    op.drop_table("two")
