"""b1

Revision ID: b1
Revises: 
Create Date: 2023-02-01 09:00:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "b1"
down_revision = None
branch_labels = ("shop",)


def upgrade():
    op.create_table("one", sa.Column("id", sa.Integer, primary_key=True))


def downgrade():
    op.drop_table("one")
