"""n1

Revision ID: n1
Revises: 
Create Date: 2023-02-05 09:00:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "n1"
down_revision = None
branch_labels = {"network"}


def upgrade():
    op.create_table("net", sa.Column("id", sa.Integer, primary_key=True))


def downgrade():
    op.drop_table("net")
