"""y1

Revision ID: y1
Revises: 
Create Date: 2023-02-01 09:00:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "y1"
down_revision = None


async def fill(connection):
    await connection.execute(sa.text("INSERT INTO one (id, name, tags) VALUES (:id, :name, :tags)"), {"id": 3, "name": "n", "tags": ["a", "b'c"]})


def upgrade():
    op.create_table(
        "one",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("name", sa.Text),
        sa.Column("tags", sa.ARRAY(sa.Text)),
    )
    op.run_async(fill)


def downgrade():
    op.drop_table("one")
