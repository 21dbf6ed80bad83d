"""f2

Revision ID: f2
Revises: f1
Create Date: 2023-02-02 09:00:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "f2"
down_revision = "f1"


def upgrade():
    raise ValueError("not today")


def downgrade():
    pass
