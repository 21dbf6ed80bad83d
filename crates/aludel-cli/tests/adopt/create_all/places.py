"""Types of pgvector and GeoAlchemy2."""

from geoalchemy2 import Geography, Geometry, Raster
from pgvector.sqlalchemy import BIT, HALFVEC, SPARSEVEC, VECTOR
from sqlalchemy import Column, Index, Integer, MetaData, Table

vectors = MetaData()
documents = Table(
    "documents",
    vectors,
    Column("id", Integer, primary_key=True),
    Column("embedding", VECTOR(3)),
    Column("any", VECTOR()),
    Column("half", HALFVEC(4)),
    Column("few", SPARSEVEC(5)),
    Column("bits", BIT(6)),
)
Index(
    "documents_embedding",
    documents.c.embedding,
    postgresql_using="hnsw",
    postgresql_with={"m": 16, "ef_construction": 64},
    postgresql_ops={"embedding": "vector_l2_ops"},
)
shapes = MetaData()
Table(
    "places",
    shapes,
    Column("id", Integer, primary_key=True),
    Column("at", Geometry("POINT", srid=4326), nullable=False),
    Column("area", Geography("POLYGON", srid=4326, spatial_index=False)),
    Column("picture", Raster(spatial_index=False)),
)
