"""r2

Revision ID: r2
Revises: r1
Create Date: 2023-02-01 09:00:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "r2"
down_revision = "r1"


def upgrade():
    op.create_table("two", sa.Column("id", sa.Integer, primary_key=True))


def downgrade():
    op.drop_table("two")
