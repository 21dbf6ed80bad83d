"""What SQLAlchemy itself makes of models: `create_all.py FOLDER MODULE:NAME URL TRANSLATED`, by `create_all`."""

import importlib
import json
import sys

from sqlalchemy import create_engine


def every(found):
    """The MetaData objects behind a name, as it is bound: one, a list or a base."""
    if isinstance(found, (list, tuple)):
        return list(found)
    return [getattr(found, "metadata", found)]


def main(folder, spec, url, translated):
    sys.path.insert(0, folder)
    module, _, name = spec.partition(":")
    translated = json.loads(translated)
    engine = create_engine(url).execution_options(schema_translate_map=translated)
    with engine.begin() as connection:
        for metadata in every(getattr(importlib.import_module(module), name)):
            schemas = {table.schema for table in metadata.tables.values()}
            for schema in sorted({translated.get(schema, schema) for schema in schemas} - {None}):
                connection.exec_driver_sql('CREATE SCHEMA IF NOT EXISTS "%s"' % schema)
            metadata.create_all(connection, checkfirst=False)


main(*sys.argv[1:])
