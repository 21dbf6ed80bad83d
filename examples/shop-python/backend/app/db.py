"""The engine and the sessions. A session works for one tenant; row security in the database keeps to it."""

from collections.abc import Iterator
from contextlib import contextmanager
from functools import lru_cache

from sqlalchemy import Connection, Engine, create_engine, text
from sqlalchemy.orm import Session

from app.settings import Settings


@lru_cache(maxsize=1)
def engine() -> Engine:
    """The one engine of the process."""
    return create_engine(Settings.from_environment().sqlalchemy_url)


def work_for(connection: Connection | Session, tenant_id: int) -> None:
    """Makes the rest of the transaction see and write this tenant's rows only."""
    connection.execute(text("SELECT set_config('app.tenant_id', :tenant, true)"), {"tenant": str(tenant_id)})


@contextmanager
def session_for(tenant_id: int) -> Iterator[Session]:
    """A session in one transaction, committed at the end."""
    with Session(engine()) as session, session.begin():
        work_for(session, tenant_id)
        yield session
