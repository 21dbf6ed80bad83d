"""create accounts

Revision ID: a001
Revises:
Create Date: 2023-01-10 09:00:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "a001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "accounts",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("email", sa.String(200), nullable=False, comment="where it's read; 100% of mail"),
        sa.Column("state", sa.Enum("new", "old", name="account_state"), server_default="new"),
    )
    op.create_index("accounts_email", "accounts", ["email"], unique=True)


def downgrade():
    # The enum type stays behind.
    op.drop_table("accounts")
