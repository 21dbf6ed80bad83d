"""Every module of models is imported here, so that `Base.metadata` is complete wherever the models are used."""

from app.models import accounts, catalog, sales
from app.models.base import Base

__all__ = ["Base", "accounts", "catalog", "sales"]
