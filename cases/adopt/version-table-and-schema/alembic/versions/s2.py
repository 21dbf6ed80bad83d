"""s2

Revision ID: s2
Revises: s1
Create Date: 2023-02-02 09:00:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "s2"
down_revision = "s1"


def upgrade():
    op.create_table("two", sa.Column("id", sa.Integer, primary_key=True))
    op.alter_column("one", "name", type_=sa.String(40))
    op.alter_column("one", "code", type_=sa.String(10))
    op.execute("ALTER TABLE one ALTER COLUMN json TYPE jsonb USING json::text::jsonb")


def downgrade():
    op.alter_column("one", "name", type_=sa.String(20))
    op.alter_column("one", "code", type_=sa.String(20))
    op.execute("ALTER TABLE one ALTER COLUMN json TYPE json USING json::text::json")
    op.drop_table("two")
