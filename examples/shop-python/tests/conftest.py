"""The tests run on a database that `aludel upgrade` made: DATABASE_URL's, else the local one.

Each test works in a transaction that is rolled back, so that the database may hold other rows and keeps them.
"""

import os
import shlex
import subprocess
from collections.abc import Iterator
from pathlib import Path

import pytest
from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.orm import Session

from app.db import work_for
from app.models.accounts import Tenant
from app.settings import Settings

PROJECT = Path(__file__).parent.parent


def aludel(*arguments: str) -> str:
    """Runs Aludel in the project and returns what it printed."""
    command = [*shlex.split(os.environ.get("ALUDEL", "aludel")), *arguments]
    finished = subprocess.run(command, cwd=PROJECT, stdout=subprocess.PIPE, text=True, check=False)
    if finished.returncode != 0:
        pytest.exit(f"`{shlex.join(command)}` ended with exit code {finished.returncode}", returncode=2)
    return finished.stdout


@pytest.fixture(scope="session")
def engine() -> Iterator[Engine]:
    """An engine on a database at the head of the history."""
    if not os.environ.get("DATABASE_URL"):
        printed = aludel("db", "start").split()
        os.environ["DATABASE_URL"] = next(word for word in printed if word.startswith("postgresql://"))
    aludel("upgrade", "head")
    engine = create_engine(Settings.from_environment().sqlalchemy_url)
    yield engine
    engine.dispose()


@pytest.fixture
def connection(engine: Engine) -> Iterator[Connection]:
    """A connection in a transaction that is rolled back, in a role that row security applies to."""
    with engine.connect() as connection:
        transaction = connection.begin()
        bypasses = connection.scalar(text("SELECT rolsuper OR rolbypassrls FROM pg_roles WHERE rolname = current_user"))
        if bypasses:
            for statement in (
                "CREATE ROLE shop_test_application NOLOGIN",
                "GRANT USAGE ON SCHEMA public TO shop_test_application",
                "GRANT SELECT, INSERT, UPDATE, DELETE ON ALL TABLES IN SCHEMA public TO shop_test_application",
                "SET LOCAL ROLE shop_test_application",
            ):
                connection.execute(text(statement))
        yield connection
        transaction.rollback()


@pytest.fixture
def session(connection: Connection) -> Iterator[Session]:
    """A session in that transaction; its commits are savepoints."""
    with Session(connection, join_transaction_mode="create_savepoint") as session:
        yield session


@pytest.fixture
def tenants(session: Session) -> tuple[Tenant, Tenant]:
    """Two merchants; the session works for the first."""
    tenants = Tenant(slug="test-potions", name="Potions"), Tenant(slug="test-retorts", name="Retorts")
    session.add_all(tenants)
    session.flush()
    work_for(session, tenants[0].id)
    return tenants
