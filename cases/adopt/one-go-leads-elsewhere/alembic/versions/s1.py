"""two tables

Revision ID: s1
Revises:
Create Date: 2023-02-01 09:00:00
"""
import sqlalchemy as sa
from alembic import op

revision = "s1"
down_revision = None


def upgrade():
    for name in ("old", "kept"):
        op.create_table(name, sa.Column("id", sa.Integer, primary_key=True))


def downgrade():
    for name in ("kept", "old"):
        op.drop_table(name)
