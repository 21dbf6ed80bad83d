"""orders

Revision ID: s1
Create Date: 2024-05-01 09:00:00
"""

from alembic import op

revision = "s1"
down_revision = None


def upgrade():
    op.execute("CREATE TABLE orders (id bigint GENERATED ALWAYS AS IDENTITY PRIMARY KEY, lines jsonb)")


def downgrade():
    op.execute("DROP TABLE orders")
