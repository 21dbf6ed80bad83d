"""e1

Revision ID: e1
Revises:
"""
from alembic import op

revision = "e1"
down_revision = None


def upgrade():
    op.execute("CREATE TYPE mood AS ENUM ('low', 'high')")
    op.execute("CREATE TABLE t (id serial primary key, m mood DEFAULT 'low', a mood[])")
    op.execute("INSERT INTO t (m) VALUES ('low'), ('high')")

def downgrade():
    op.execute("DROP TABLE t")
    op.execute("DROP TYPE mood")
