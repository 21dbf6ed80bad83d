"""wider

Revision ID: x4
Revises: x3
Create Date: 2023-03-04 09:00:00
"""
import sqlalchemy as sa
from alembic import op

revision = "x4"
down_revision = "x3"


def upgrade():
    op.alter_column("alembic_version", "version_num", type_=sa.String(128))


def downgrade():
    pass
