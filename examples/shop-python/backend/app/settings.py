"""Settings, read from the environment when they are asked for (importing the models needs none of them)."""

import os
from dataclasses import dataclass


@dataclass(frozen=True)
class Settings:
    """What the backend needs to know at run time."""

    database_url: str

    @classmethod
    def from_environment(cls) -> "Settings":
        """Reads DATABASE_URL; `aludel db start` prints one for the local database."""
        url = os.environ.get("DATABASE_URL")
        if not url:
            raise RuntimeError("DATABASE_URL is not set; for the local database: export DATABASE_URL=$(aludel db start)")
        return cls(database_url=url)

    @property
    def sqlalchemy_url(self) -> str:
        """The same URL with the driver that this project uses."""
        scheme, separator, rest = self.database_url.partition("://")
        return "postgresql+psycopg://" + rest if separator and "+" not in scheme else self.database_url
