"""b2

Revision ID: b2
Revises: b1
Create Date: 2023-02-02 09:00:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "b2"
down_revision = "b1"


def upgrade():
    op.create_table("two", sa.Column("id", sa.Integer, primary_key=True))


def downgrade():
    op.drop_table("two")
