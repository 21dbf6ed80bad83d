"""index of names, and what the application itself knows

Revision ID: 8b2e4d6f1a93
Revises: 3f1c9a5d7e20
Create Date: 2024-03-01 10:00:00.000000

"""

from alembic import op
from flask import current_app

revision = "8b2e4d6f1a93"
down_revision = "3f1c9a5d7e20"
branch_labels = None
depends_on = None


def upgrade():
    with op.batch_alter_table("product", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("ix_product_name"), ["name"], unique=False)
    op.execute("COMMENT ON TABLE product IS 'of %s'" % current_app.name)


def downgrade():
    op.execute("COMMENT ON TABLE product IS NULL")
    with op.batch_alter_table("product", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("ix_product_name"))
