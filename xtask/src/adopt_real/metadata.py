"""Stands first on the path of a run of Alembic's: keeps what Alembic compares, and what it finds.

Written to $ADOPT_REAL_KEEPS: SQLAlchemy's own DDL of every `target_metadata`, as it is when Alembic has compared, and the
differences that `alembic check` prints, as data.
"""

import atexit
import importlib.machinery
import importlib.util
import json
import os
import sys

HERE = os.path.dirname(os.path.abspath(__file__))


def run_hidden():
    """This file hides a `sitecustomize` of the project's own."""
    rest = [path for path in sys.path if os.path.abspath(path or ".") != HERE]
    spec = importlib.machinery.PathFinder.find_spec("sitecustomize", rest)
    if spec is not None:
        spec.loader.exec_module(importlib.util.module_from_spec(spec))


def listed(metadata):
    return list(metadata) if isinstance(metadata, (list, tuple)) else [metadata]


def without_repeats(table):
    """Takes out of a table what has a name twice: a revision may make a constraint of a model's columns, which joins it."""
    names = set()
    for constraint in sorted(table.constraints, key=lambda one: one._creation_order):
        if isinstance(constraint.name, str) and constraint.name in names:
            table.constraints.discard(constraint)
            yield "constraint %s of %s stands there twice" % (constraint.name, table.fullname)
        names.add(constraint.name)


def ddl(every):
    """The statements of `create_all`, foreign keys behind all tables; what SQLAlchemy itself refuses is told apart."""
    from sqlalchemy.dialects.postgresql.base import PGDialect
    from sqlalchemy.engine.mock import MockConnection
    from sqlalchemy.schema import CreateIndex

    dialect = PGDialect(paramstyle="named")
    # What the dialect learns when it connects; names that are too long PostgreSQL cuts.
    dialect._backslash_escapes, dialect.supports_native_uuid = False, True
    dialect.validate_identifier = lambda name: None
    statements, refused = [], []

    def execute(element, *_, **__):
        statements.append(element if isinstance(element, str) else str(element.compile(dialect=dialect)))

    connection = MockConnection(dialect, execute)
    for metadata in every:
        schemas = {table.schema for table in metadata.tables.values() if table.schema}
        statements.extend("CREATE SCHEMA IF NOT EXISTS " + dialect.identifier_preparer.quote(schema) for schema in sorted(schemas))
        for table in metadata.tables.values():
            refused.extend(without_repeats(table))
            for key in list(table.foreign_key_constraints):
                try:
                    key.referred_table
                    key.use_alter = True
                except Exception as error:
                    refused.append("foreign key of %s: %s" % (table.fullname, error))
                    table.constraints.discard(key)
                    for element in key.elements:
                        table.foreign_keys.discard(element)
                        element.parent.foreign_keys.discard(element)
            for index in list(table.indexes):
                try:
                    CreateIndex(index).compile(dialect=dialect)
                except Exception as error:
                    refused.append("index of %s: %s" % (table.fullname, error))
                    table.indexes.discard(index)
        try:
            metadata.create_all(connection, checkfirst=False)
        except Exception as error:
            refused.append("create_all: %s" % error)
    return statements, refused


def told(difference):
    """One difference of Alembic's: what it does, to what kind, and where."""
    verb, *rest = difference
    if verb.startswith("modify_"):
        return {"verb": verb, "kind": "column", "schema": rest[0], "table": rest[1], "name": rest[2]}
    if verb.endswith("_column"):
        return {"verb": verb, "kind": "column", "schema": rest[0], "table": rest[1], "name": rest[2].name}
    if verb.endswith(("_table", "_table_comment")):
        return {"verb": verb, "kind": "table", "schema": rest[0].schema, "table": rest[0].name, "name": None}
    kind = "index" if verb.endswith("_index") else "foreign key" if verb.endswith("_fk") else "constraint"
    table = getattr(rest[0], "table", None)
    name = getattr(rest[0], "name", None)
    if table is None:
        return {"verb": verb, "kind": "unknown", "schema": None, "table": None, "name": str(rest)[:200]}
    columns = [column.name for column in rest[0].columns] if kind != "index" else []
    return {"verb": verb, "kind": kind, "schema": table.schema, "table": table.name, "name": name and str(name), "columns": columns}


def object_place(thing, name, kind, reflected, compare_to):
    """The kind, schema, table and name of what `include_object` leaves out."""
    table = thing if kind == "table" else thing.table
    return kind, table.schema or "", table.name, str(name)


def name_place(name, kind, parents):
    """The same of `include_name`."""
    table = name if kind == "table" else parents.get("table_name")
    return kind, parents.get("schema_name") or "", str(table), str(name)


def watch():
    from alembic.autogenerate import compare_metadata
    from alembic.operations.ops import UpgradeOps
    from alembic.runtime.environment import EnvironmentContext

    every, differences, left_out = [], [], set()
    configure, run, as_diffs = EnvironmentContext.configure, EnvironmentContext.run_migrations, UpgradeOps.as_diffs

    def configured(self, *arguments, **named):
        for metadata in listed(named.get("target_metadata")):
            if metadata is not None and not any(metadata is known for known in every):
                every.append(metadata)
        for option, place in (("include_object", object_place), ("include_name", name_place)):
            if callable(named.get(option)):
                named[option] = noting(named[option], place)
        return configure(self, *arguments, **named)

    def noting(includes, place):
        def asked(*arguments, **named):
            answer = includes(*arguments, **named)
            if not answer:
                left_out.add(place(*arguments, **named))
            return answer

        return asked

    def compared(self):
        found = as_diffs(self)
        note(found)
        return found

    def note(found):
        differences[:] = [told(one) for line in found for one in (line if isinstance(line, list) else [line])]

    def ran(self, **named):
        run(self, **named)
        context = self.get_context()
        note(compare_metadata(context, context.opts["target_metadata"]))

    def keep():
        statements, refused = ddl(every)
        tables = sum(len(metadata.tables) for metadata in every)
        document = {"tables": tables, "statements": statements, "refused": refused, "differences": differences, "left_out": sorted(left_out)}
        if not every:
            return
        with open(os.environ["ADOPT_REAL_KEEPS"], "w") as file:
            json.dump(document, file, indent=1)

    EnvironmentContext.configure = configured
    if os.environ["ADOPT_REAL_VERB"] == "check":
        UpgradeOps.as_diffs = compared
    else:
        # Where there is no `check`, the comparison is asked for while another command is connected.
        EnvironmentContext.run_migrations = ran
    atexit.register(keep)


run_hidden()
if "ADOPT_REAL_KEEPS" in os.environ:
    watch()
