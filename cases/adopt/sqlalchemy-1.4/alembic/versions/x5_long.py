"""a long id

Revision ID: x5_an_id_that_is_longer_than_thirty_two_characters
Revises: x4
Create Date: 2023-03-05 09:00:00
"""
from alembic import op

revision = "x5_an_id_that_is_longer_than_thirty_two_characters"
down_revision = "x4"


def upgrade():
    op.execute("COMMENT ON TABLE kinds IS 'long'")


def downgrade():
    op.execute("COMMENT ON TABLE kinds IS NULL")
