"""index concurrently

Revision ID: a003
Revises: a002
Create Date: 2023-01-12 09:00:00.000000

"""
from alembic import op

revision = "a003"
down_revision = "a002"


def upgrade():
    op.execute("ALTER TABLE accounts ADD COLUMN note text")
    with op.get_context().autocommit_block():
        op.execute("ALTER TYPE account_state ADD VALUE 'closed'")
        op.create_index("accounts_note", "accounts", ["note"], postgresql_concurrently=True)
    op.execute("UPDATE accounts SET state = 'closed' WHERE note = 'gone'")


def downgrade():
    raise NotImplementedError("values of an enum cannot be taken away")
