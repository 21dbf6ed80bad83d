"""m2

Revision ID: m2
Revises: m1
Create Date: 2023-02-02 09:00:00.000000

"""
import sqlalchemy as sa
from alembic import op

revision = "m2"
down_revision = "m1"


def upgrade(engine_name):
    globals()["upgrade_%s" % engine_name]()


def downgrade(engine_name):
    globals()["downgrade_%s" % engine_name]()


def upgrade_shop():
    op.create_table("bills", sa.Column("id", sa.Integer, primary_key=True))


def downgrade_shop():
    op.drop_table("bills")


def upgrade_stock():
    op.create_table("shelves", sa.Column("id", sa.Integer, primary_key=True))


def downgrade_stock():
    op.drop_table("shelves")
