"""b2

Revision ID: b2
Revises: b1
Create Date: 2023-02-02 09:00:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "b2"
down_revision = "b1"
depends_on = ""
branch_labels = ()


def upgrade():
    op.create_table("two", sa.Column("id", sa.Integer, primary_key=True))
    # Alembic runs b3 first; the history works in its order only.
    op.add_column("three", sa.Column("two_id", sa.Integer, sa.ForeignKey("two.id")))


def downgrade():
    op.drop_column("three", "two_id")
    op.drop_table("two")
