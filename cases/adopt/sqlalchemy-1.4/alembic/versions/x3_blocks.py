"""blocks

Revision ID: x3
Revises: x2
Create Date: 2023-03-03 09:00:00
"""
import sqlalchemy as sa
from alembic import op

revision = "x3"
down_revision = "x2"


def upgrade():
    op.create_table("kinds", sa.Column("id", sa.Integer, primary_key=True), sa.Column("kind", sa.Enum("one", name="kind")))
    with op.get_context().autocommit_block():
        op.execute("ALTER TYPE kind ADD VALUE 'two'")
    op.execute("INSERT INTO kinds (kind) VALUES ('two')")
    with op.get_context().autocommit_block():
        op.create_index("kinds_kind", "kinds", ["kind"], postgresql_concurrently=True, if_not_exists=True)
        op.create_index("kinds_both", "kinds", ["id", "kind"], postgresql_concurrently=True)
    op.execute(sa.text("UPDATE kinds SET kind = :kind").bindparams(kind="one"))


def downgrade():
    with op.get_context().autocommit_block():
        op.drop_index("kinds_both", postgresql_concurrently=True)
    op.drop_table("kinds")
    sa.Enum(name="kind").drop(op.get_bind())
