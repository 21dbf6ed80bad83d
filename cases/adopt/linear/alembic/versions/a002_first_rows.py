"""first rows

Revision ID: a002
Revises: a001
Create Date: 2023-01-11 09:00:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "a002"
down_revision = "a001"


def upgrade():
    accounts = sa.table("accounts", sa.column("email"), sa.column("state"))
    op.bulk_insert(
        accounts, [{"email": "ann@example.org", "state": "new"}, {"email": "o'neil\\@example.org", "state": "old"}]
    )
    op.execute("UPDATE accounts SET state = 'old' WHERE email LIKE '%ann%'")


def downgrade():
    op.execute("DELETE FROM accounts")
