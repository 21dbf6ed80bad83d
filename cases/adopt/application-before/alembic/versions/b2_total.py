"""total, by a model that both directions declare

Revision ID: b2
Revises: b1
Create Date: 2024-05-02 09:00:00.000000

"""

import sqlalchemy as sa
from alembic import op

revision = "b2"
down_revision = "b1"

metadata = sa.MetaData()


def orders():
    return sa.Table("orders", metadata, sa.Column("id", sa.Integer))


def upgrade():
    op.add_column(orders().name, sa.Column("total", sa.Integer))


def downgrade():
    op.drop_column(orders().name, "total")
