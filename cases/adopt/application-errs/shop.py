import os

from sqlalchemy import Column, Integer, MetaData, Table, Text, create_engine

metadata = MetaData()
settings = Table("settings", metadata, Column("id", Integer, primary_key=True), Column("value", Text))

metadata.create_all(create_engine(os.environ.get("DATABASE_URL", "postgresql+psycopg://nobody@localhost/none")))
