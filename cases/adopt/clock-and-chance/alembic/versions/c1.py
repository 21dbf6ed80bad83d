"""c1

Revision ID: c1
Revises: 
Create Date: 2023-02-01 09:00:00.000000

"""
import uuid

import sqlalchemy as sa
from alembic import op

revision = "c1"
down_revision = None


def upgrade():
    op.execute("CREATE TABLE keys (id uuid DEFAULT gen_random_uuid(), made timestamptz DEFAULT now(), name text)")
    op.execute(sa.text("INSERT INTO keys (name) VALUES (:name)").bindparams(name=str(uuid.uuid4())))


def downgrade():
    op.execute("DROP TABLE keys")
