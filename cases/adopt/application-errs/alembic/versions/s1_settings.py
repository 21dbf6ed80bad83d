"""settings

Revision ID: s1
Revises:
Create Date: 2024-05-01 09:00:00.000000

"""

import sqlalchemy as sa
from alembic import op

revision = "s1"
down_revision = None


def upgrade():
    op.create_table("settings", sa.Column("id", sa.Integer, primary_key=True), sa.Column("value", sa.Text))


def downgrade():
    op.drop_table("settings")
