"""s1

Revision ID: s1
Revises: 
Create Date: 2023-02-01 09:00:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "s1"
down_revision = None


def upgrade():
    op.create_table(
        "one",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.String(20)),
        sa.Column("code", sa.String(20)),
        sa.Column("json", sa.JSON),
    )


def downgrade():
    op.drop_table("one")
