"""n2

Revision ID: n2
Revises: n1
Create Date: 2023-02-06 09:00:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "n2"
down_revision = "n1"
depends_on = "b4"


def upgrade():
    op.add_column("net", sa.Column("one_id", sa.Integer, sa.ForeignKey("one.id")))


def downgrade():
    op.drop_column("net", "one_id")
