"""types: 100% "odd"

Revision ID: x1
Revises:
Create Date: 2023-03-01 09:00:00
"""
import datetime
import decimal

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "x1"
down_revision = None

MOOD = postgresql.ENUM("calm", "it's 100%", "a:b", name="mood", create_type=False)


def upgrade():
    MOOD.create(op.get_bind(), checkfirst=True)
    table = op.create_table(
        "things",
        sa.Column("id", sa.Integer, primary_key=True),
        sa.Column("mood", MOOD, server_default="calm"),
        sa.Column("on_day", sa.Date),
        sa.Column("at", sa.DateTime(timezone=True)),
        sa.Column("price", sa.Numeric(10, 2)),
        sa.Column("raw", sa.LargeBinary),
        sa.Column("doc", postgresql.JSONB),
        sa.Column("tags", postgresql.ARRAY(sa.Text)),
        sa.Column("note", sa.Text),
        sa.Column("flag", sa.Boolean),
    )
    at = datetime.datetime(2023, 1, 2, 3, 4, 5, 678, tzinfo=datetime.timezone.utc)
    op.bulk_insert(
        table,
        [
            {"mood": "it's 100%", "on_day": at.date(), "at": at, "price": decimal.Decimal("1.50"), "raw": b"\x00'\\\xff",
             "doc": {"k": ["v", None, 1.5, "it's"]}, "tags": ["a", 'b"c', "d,e", None], "note": "%s %% :x \\ \n\t'", "flag": True},
            {"mood": "a:b", "on_day": None, "at": None, "price": None, "raw": None, "doc": None, "tags": [], "note": "", "flag": False},
        ],
    )
    op.bulk_insert(table, [{"mood": "calm", "note": "one"}, {"mood": "calm", "note": "two"}], multiinsert=False)


def downgrade():
    op.drop_table("things")
    MOOD.drop(op.get_bind(), checkfirst=True)
