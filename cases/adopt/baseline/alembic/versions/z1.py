"""more of metrics

Revision ID: z1
Revises:
Create Date: 2023-02-01 09:00:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "z1"
down_revision = None


def upgrade():
    op.add_column("metrics", sa.Column("step", sa.BigInteger))


def downgrade():
    op.drop_column("metrics", "step")
