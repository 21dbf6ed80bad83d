"""third

Create Date: 2023-02-03 09:00:00
"""
import sqlalchemy as sa
from alembic import op

revision, down_revision = 'third', '2023 first, "a"'
branch_labels = None
depends_on = '2023 second/b\\c'


def upgrade():
    op.create_table("three", sa.Column("id", sa.Integer, primary_key=True))


def downgrade():
    op.drop_table("three")
