"""o1

Revision ID: o1
Revises: 
Create Date: 2023-02-01 09:00:00.000000

"""
import asyncio
import types

import asyncpg
import pg8000.dbapi
import pg8000.native
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
    asyncio.run(pooled("CREATE TABLE three (id int)"))
    pg8000.native.Connection("admin", host="pg8000.example.org", password="secret").run("CREATE TABLE four (id int)")
    connection = pg8000.dbapi.connect("admin", host="dbapi.example.org", database="shop", password="secret")
    connection.cursor().execute("CREATE TABLE five (id int)")
    connection.commit()


async def pooled(statement):
    address = "postgresql://admin:secret@pool.example.org/shop"
    async with asyncpg.create_pool(address, min_size=1, max_size=1) as pool:
        await pool.execute(statement)


def downgrade():
    op.drop_table("one")
    op.drop_table("two")
    op.drop_table("three")
    op.drop_table("four")
    op.drop_table("five")
