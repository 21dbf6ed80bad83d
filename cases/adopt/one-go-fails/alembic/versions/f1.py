"""rows whose key is looked at when all is done

Revision ID: f1
Revises:
Create Date: 2023-02-01 09:00:00
"""
from alembic import op

revision = "f1"
down_revision = None


def upgrade():
    op.execute("CREATE TABLE parents (id int PRIMARY KEY)")
    op.execute(
        "CREATE TABLE children (id int PRIMARY KEY, parent int REFERENCES parents DEFERRABLE INITIALLY DEFERRED)"
    )
    op.execute("INSERT INTO children VALUES (1, 1)")
    op.execute("INSERT INTO parents VALUES (1)")


def downgrade():
    op.execute("DROP TABLE children, parents")
