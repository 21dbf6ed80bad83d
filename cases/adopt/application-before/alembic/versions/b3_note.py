"""note, whose downgrade waits for itself

Revision ID: b3
Revises: b2
Create Date: 2024-05-03 09:00:00.000000

"""

import sqlalchemy as sa
from alembic import op

revision = "b3"
down_revision = "b2"


def upgrade():
    op.add_column("orders", sa.Column("note", sa.Text))


def downgrade():
    op.drop_column("orders", "note")
    with op.get_bind().engine.connect() as other:
        other.execute(sa.text("SET lock_timeout = '200ms'"))
        other.execute(sa.text("SELECT count(*) FROM orders"))
