"""an index less

Revision ID: z1
Revises:
Create Date: 2023-02-01 09:00:00.000000

"""
from alembic import op

revision = "z1"
down_revision = None


def upgrade():
    op.drop_index("metrics_value")


def downgrade():
    op.create_index("metrics_value", "metrics", ["value"])
