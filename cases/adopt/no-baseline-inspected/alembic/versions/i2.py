"""more of metrics

Revision ID: i2
Revises: i1
Create Date: 2023-02-02 09:00:00
"""

import sqlalchemy as sa
from alembic import op

revision = "i2"
down_revision = "i1"


def upgrade():
    known = [column["name"] for column in sa.inspect(op.get_bind()).get_columns("metrics")]
    if "step" not in known:
        op.add_column("metrics", sa.Column("step", sa.BigInteger))


def downgrade():
    op.drop_column("metrics", "step")
