"""merge

Revision ID: b4
Revises: b2, b3
Create Date: 2023-02-04 09:00:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "b4"
down_revision = ("b2", "b3")


def upgrade():
    pass


def downgrade():
    pass
