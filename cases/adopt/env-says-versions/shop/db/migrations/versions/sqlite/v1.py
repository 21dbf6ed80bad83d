"""orders

Revision ID: v1
Create Date: 2024-05-01 09:00:00
"""

from alembic import op

revision = "v1"
down_revision = None


def upgrade():
    op.execute("CREATE TABLE orders (id integer PRIMARY KEY AUTOINCREMENT, lines text)")


def downgrade():
    op.execute("DROP TABLE orders")
