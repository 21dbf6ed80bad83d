"""m1

Revision ID: m1
Revises: 
Create Date: 2023-02-01 09:00:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "m1"
down_revision = None


def upgrade(engine_name):
    globals()["upgrade_%s" % engine_name]()


def downgrade(engine_name):
    globals()["downgrade_%s" % engine_name]()


def upgrade_shop():
    op.create_table("orders", sa.Column("id", sa.Integer, primary_key=True))


def downgrade_shop():
    op.drop_table("orders")


def upgrade_stock():
    op.create_table("parts", sa.Column("id", sa.Integer, primary_key=True))


def downgrade_stock():
    op.drop_table("parts")
