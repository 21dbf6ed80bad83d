import os

from sqlalchemy import Column, ForeignKey, Integer, MetaData, Table, Text, create_engine

metadata = MetaData()
account = Table("account", metadata, Column("id", Integer, primary_key=True), Column("name", Text))

metadata.create_all(create_engine(os.environ.get("DATABASE_URL", "postgresql+psycopg://nobody@localhost/none")))

orders = Table(
    "orders",
    metadata,
    Column("id", Integer, primary_key=True),
    Column("account_id", Integer, ForeignKey("account.id"), nullable=False),
    Column("total", Integer),
    Column("note", Text),
)
