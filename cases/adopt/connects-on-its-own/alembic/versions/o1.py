"""o1

Revision ID: o1
Revises: 
Create Date: 2023-02-01 09:00:00.000000

"""
import types

import psycopg
import sqlalchemy as sa
from alembic import op

revision = "o1"
down_revision = None


def upgrade():
    op.create_table("one", sa.Column("id", sa.Integer, primary_key=True))
    with psycopg.connect("postgresql://admin:secret@production.example.org/shop", connect_timeout=2) as connection:
        connection.execute("CREATE TABLE two (id int)")
    driver = types.SimpleNamespace(paramstyle="format", connect=None, Error=Exception)
    try:
        sa.create_engine("mysql+pymysql://admin:secret@events.example.org/log", module=driver).connect()
    except Exception:
        print("no events today")


def downgrade():
    op.drop_table("one")
    op.drop_table("two")
