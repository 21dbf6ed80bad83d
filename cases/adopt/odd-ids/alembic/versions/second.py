"""second

Create Date: 2023-02-02 09:00:00
"""
import sqlalchemy as sa
from alembic import op

revision = '2023 second/b\\c'
down_revision = '2023 first, "a"'
branch_labels = None
depends_on = None


def upgrade():
    op.create_table("two", sa.Column("id", sa.Integer, primary_key=True))


def downgrade():
    op.drop_table("two")
