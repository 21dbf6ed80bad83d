"""read rows

Revision ID: a004
Revises: a003
Create Date: 2023-01-13 09:00:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "a004"
down_revision = "a003"


def upgrade():
    connection = op.get_bind()
    with op.batch_alter_table("accounts") as batch:
        batch.add_column(sa.Column("number", sa.Integer))
    for row in connection.execute(sa.text("SELECT id FROM accounts ORDER BY id")):
        connection.execute(sa.text("UPDATE accounts SET number = :number WHERE id = :id"), {"number": row[0] * 10, "id": row[0]})


def downgrade():
    with op.batch_alter_table("accounts") as batch:
        batch.drop_column("number")
