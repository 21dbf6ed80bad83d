"""r1

Revision ID: r1
Revises: 
Create Date: 2023-02-01 09:00:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "r1"
down_revision = None


def upgrade():
    raise ValueError("not today")


def downgrade():
    pass
