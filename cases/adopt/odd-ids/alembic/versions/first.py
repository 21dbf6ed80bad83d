"""first

Create Date: 2023-02-01 09:00:00
"""
import sqlalchemy as sa
from alembic import op

revision = '2023 first, "a"'
down_revision = None
branch_labels = 'the shop, old'
depends_on = None


def upgrade():
    op.create_table("one", sa.Column("id", sa.Integer, primary_key=True))


def downgrade():
    op.drop_table("one")
