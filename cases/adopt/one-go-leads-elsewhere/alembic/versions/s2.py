"""drop what another connection sees

Revision ID: s2
Revises: s1
Create Date: 2023-02-02 09:00:00
"""
import sqlalchemy as sa
from alembic import op

revision = "s2"
down_revision = "s1"


def upgrade():
    # In one go this connection sees nothing of s1, which is not committed yet.
    engine = sa.create_engine(op.get_bind().engine.url)
    if sa.inspect(engine).has_table("old"):
        op.drop_table("old")
        op.execute("INSERT INTO kept VALUES (1)")


def downgrade():
    op.create_table("old", sa.Column("id", sa.Integer, primary_key=True))
    op.execute("DELETE FROM kept")
