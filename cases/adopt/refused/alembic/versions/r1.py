"""a constraint and its index

Revision ID: r1
Revises:
Create Date: 2023-02-01 09:00:00.000000

"""
from alembic import op
from sqlalchemy.exc import DBAPIError

revision = "r1"
down_revision = None


class DatabaseFault(Exception):
    """What an application raises in the place of the driver's error, with its words."""


def upgrade():
    op.execute("CREATE TABLE metrics (id int PRIMARY KEY, name text CONSTRAINT metrics_name UNIQUE)")
    try:
        op.drop_index("metrics_name", table_name="metrics")
    except DBAPIError as error:
        raise DatabaseFault(str(error))
