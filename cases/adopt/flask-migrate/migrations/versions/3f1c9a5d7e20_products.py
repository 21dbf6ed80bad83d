"""products

Revision ID: 3f1c9a5d7e20
Revises:
Create Date: 2024-02-01 10:00:00.000000

"""

import sqlalchemy as sa
from alembic import op

revision = "3f1c9a5d7e20"
down_revision = None
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "product",
        sa.Column("id", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.PrimaryKeyConstraint("id"),
    )


def downgrade():
    op.drop_table("product")
