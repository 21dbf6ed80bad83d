"""`python -m shop upgrade` brings the database to the newest revision."""

import os
import sys

import psycopg
from alembic import command
from alembic.config import Config

if sys.argv[1:] != ["upgrade"]:
    sys.exit("usage: python -m shop upgrade")
# What it does before Alembic is on scratch too.
with psycopg.connect("postgresql://admin:secret@production.example.org/shop", connect_timeout=2) as connection:
    connection.execute("SELECT 1")
config = Config()
config.set_main_option("script_location", "shop:migrations")
config.shop_url = os.environ["DATABASE_URL"].replace("postgresql://", "postgresql+psycopg://")
command.upgrade(config, "head")
