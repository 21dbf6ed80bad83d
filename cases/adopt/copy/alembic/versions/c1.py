"""c1

Revision ID: c1
Revises:
Create Date: 2023-02-01 09:00:00
"""
from alembic import op

revision = "c1"
down_revision = None


def upgrade():
    op.execute("CREATE TABLE one (id int)")
    with op.get_bind().connection.cursor() as cursor:
        with cursor.copy("COPY one FROM STDIN") as copy:
            copy.write("1\n2\n")


def downgrade():
    op.execute("DROP TABLE one")
