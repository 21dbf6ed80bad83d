"""e2

Revision ID: e2
Revises: e1
Create Date: 2023-02-02 09:00:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "e2"
down_revision = "e1"


def upgrade():
    op.add_column("one", sa.Column("name", sa.Text))


def downgrade():
    try:
        op.drop_table("nowhere")
    except sa.exc.ProgrammingError:
        pass
    op.drop_column("one", "name")
