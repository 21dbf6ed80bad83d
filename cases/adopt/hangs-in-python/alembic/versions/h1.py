"""h1

Revision ID: h1
Revises: 
Create Date: 2023-02-01 09:00:00.000000

"""
import sqlalchemy as sa
import subprocess

from alembic import op

revision = "h1"
down_revision = None


def upgrade():
    op.execute("CREATE TABLE one ()")
    subprocess.run(["sleep", "60"], check=True)


def downgrade():
    pass
