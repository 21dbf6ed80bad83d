"""e4

Revision ID: e4
Revises: e3
"""
from alembic import op

revision = "e4"
down_revision = "e3"


def upgrade():
    op.execute("ALTER TABLE t ALTER m DROP DEFAULT, ALTER m TYPE text, ALTER a TYPE text[]")
    op.execute("UPDATE t SET m = lower(m)")
    op.execute("DROP TYPE mood")
    op.execute("CREATE TYPE mood AS ENUM ('low', 'mid', 'high')")
    op.execute("ALTER TABLE t ALTER m TYPE mood USING m::mood, ALTER a TYPE mood[] USING a::mood[], ALTER m SET DEFAULT 'low'")

def downgrade():
    pass
