import os

from sqlalchemy import Column, Integer, MetaData, Table, Text, create_engine

metadata = MetaData()
account = Table("account", metadata, Column("id", Integer, primary_key=True), Column("name", Text))

metadata.create_all(create_engine(os.environ.get("DATABASE_URL", "postgresql+psycopg://nobody@localhost/none")))
