"""posts and accounts

Revision ID: f1
Revises:
Create Date: 2024-03-01 09:00:00

"""
import sqlalchemy as sa
from alembic import op

revision = "f1"
down_revision = None


def upgrade(engine_name):
    globals()["upgrade_%s" % engine_name]()


def downgrade(engine_name):
    globals()["downgrade_%s" % engine_name]()


def upgrade_():
    op.create_table("post", sa.Column("id", sa.Integer, primary_key=True))


def downgrade_():
    op.drop_table("post")


def upgrade_users():
    op.create_table("account", sa.Column("id", sa.Integer, primary_key=True))


def downgrade_users():
    op.drop_table("account")
