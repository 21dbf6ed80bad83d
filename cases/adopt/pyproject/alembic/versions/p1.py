"""p1

Revision ID: p1
Revises: 
Create Date: 2023-02-01 09:00:00.000000

"""
import sqlalchemy as sa
from alembic import op
from shop.types import MOOD

revision = "p1"
down_revision = None


def upgrade():
    op.create_table("t", sa.Column("id", sa.Integer, primary_key=True), sa.Column("mood", MOOD))


def downgrade():
    op.drop_table("t")
    MOOD.drop(op.get_bind())
