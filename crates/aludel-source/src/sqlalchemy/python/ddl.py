# ---- DDL: SQLAlchemy's own PostgreSQL compiler, in an order that never depends on memory addresses. ----
import re


class AludelResult(AludelNothing):
    """The answer to a statement that was only written down."""

    rowcount = -1
    returns_rows = False


def aludel_dialect():
    """SQLAlchemy's PostgreSQL dialect without a driver, set as it would be after connecting to a current server."""
    from sqlalchemy.dialects.postgresql.base import PGDialect

    # `named` parameters: with psycopg's style the compiler would double every per cent sign.
    dialect = PGDialect(paramstyle="named")
    # SQLAlchemy 1.4 learns from the server that backslashes in literals are plain; without that it doubles them.
    dialect._backslash_escapes = False
    dialect.supports_native_uuid = True
    # PostgreSQL cuts a name that is too long; SQLAlchemy refuses it.
    dialect.validate_identifier = lambda name: None
    if not getattr(dialect, "driver", None):
        dialect.driver = "psycopg"
    return dialect


class AludelWriter:
    """Receives what SQLAlchemy would have executed and writes it down as SQL."""

    def __init__(self, dialect, origins, schemas=None):
        self.dialect = dialect
        self.origins = origins
        self.schemas = schemas or {}
        self.statements = []
        self.enums = set()
        from sqlalchemy.engine.mock import MockConnection

        class Connection(MockConnection):
            def exec_driver_sql(self, statement, parameters=None, execution_options=None):
                return self.execute(statement)

            def in_transaction(self):
                return True

            def begin(self):
                return AludelNothing()

            begin_nested = begin

        self.connection = Connection(dialect, self.execute)

    def execute(self, element, parameters=None, *_, **__):
        for each in parameters if isinstance(parameters, (list, tuple)) else [parameters]:
            self.execute_with(element, each)
        return AludelResult()

    def execute_with(self, element, parameters):
        if getattr(element, "is_dml", False):
            return  # Rows are not part of the schema.
        if isinstance(parameters, dict) and parameters and hasattr(element, "bindparams"):
            element = element.bindparams(**parameters)
        sql = element if isinstance(element, str) else self.compile(element)
        target = getattr(element, "element", None)
        if target is None:
            target = getattr(element, "target", None)
        self.write(sql, type(element).__name__, target)

    def compile(self, element):
        from sqlalchemy.schema import DDLElement

        options = {"dialect": self.dialect}
        if self.schemas:
            options.update(schema_translate_map=self.schemas, render_schema_translate=True)
        if not isinstance(element, DDLElement):
            options["compile_kwargs"] = {"literal_binds": True}
        return str(element.compile(**options))

    def table_name(self, table):
        """The table's name with the schema that is meant, as SQL."""
        preparer = self.dialect.identifier_preparer
        name = preparer.quote(table.name)
        schema = self.schemas.get(table.schema, table.schema)
        return "%s.%s" % (preparer.quote_schema(schema), name) if schema else name

    def write(self, sql, what, target=None, table=None, kind=None):
        sql = sql.strip()
        if not sql:
            return
        if table is None:
            table = target if hasattr(target, "columns") and hasattr(target, "indexes") else None
        if table is None:
            table = getattr(target, "table", None)
        statement = {"sql": sql, "what": what, "order": 0}
        if kind is not None:
            statement["kind"] = kind
        if what == "CreateDomainType":
            statement.update(kind="domain", schema=self.schemas.get(target.schema, target.schema), name=str(target.name))
        if what == "CreateEnumType":
            self.enums.add((target.schema, target.name))
            statement["name"] = str(target.name)
        if table is not None and hasattr(table, "key"):
            statement["table"] = str(table.fullname)
            statement.update(self.origins.get(table) or {})
            statement["order"] = getattr(target, "_creation_order", 0)
        self.statements.append(statement)


def aludel_types(metadata):
    """The named types used by the columns of `metadata`, also as array elements, with the table that uses each."""
    for table in aludel_tables(metadata):
        for column in table.columns:
            kind = column.type
            while getattr(kind, "item_type", None) is not None:
                kind = kind.item_type
            yield table, kind


def aludel_tables(metadata):
    return sorted(metadata.tables.values(), key=lambda table: (table.schema or "", table.name))


def aludel_schemas(every, translated):
    """The schemas that tables, sequences and types are placed in."""
    names = set()
    for metadata in every:
        for table in metadata.tables.values():
            names.add(table.schema)
        for sequence in metadata._sequences.values():
            names.add(sequence.schema)
        for _, kind in aludel_types(metadata):
            names.add(getattr(kind, "schema", None))
    names = {translated.get(name, name) for name in names if isinstance(name, str)}
    return sorted(name for name in names if name and name != "public")


def aludel_set_aside(writer, every):
    """Takes out of the tables what SQLAlchemy itself cannot write (Alembic never asks it to): foreign keys to tables that
    nobody defines, indexes whose expressions have columns of no table."""
    from sqlalchemy.exc import CompileError, NoReferenceError
    from sqlalchemy.schema import CreateIndex

    aside = []

    def add(table, message, **part):
        place = writer.origins.get(table) or {}
        schema = writer.schemas.get(table.schema, table.schema)
        aside.append(dict(place, schema=schema, table=str(table.name), message=str(message), **part))

    for metadata in every:
        for table in aludel_tables(metadata):
            for constraint in sorted(table.foreign_key_constraints, key=lambda one: one.column_keys):
                try:
                    constraint.referred_table
                except NoReferenceError as error:
                    table.constraints.discard(constraint)
                    for element in constraint.elements:
                        table.foreign_keys.discard(element)
                        element.parent.foreign_keys.discard(element)
                    referred = constraint.elements[0].target_fullname.rpartition(".")[0]
                    add(table, error, columns=[str(name) for name in constraint.column_keys], refers_to=referred)
            for index in sorted(table.indexes, key=lambda index: str(index.name)):
                try:
                    writer.compile(CreateIndex(index))
                except CompileError as error:
                    table.indexes.discard(index)
                    add(table, error, name=str(index.name))
    return aside


def aludel_late_enums(writer, metadata):
    """Enum types that the generator left out (`create_type=False`): the models state their values all the same."""
    from sqlalchemy.dialects.postgresql import ENUM, CreateEnumType

    late = []
    for table, kind in aludel_types(metadata):
        if hasattr(kind, "enums"):
            native = kind.dialect_impl(writer.dialect) if not isinstance(kind, ENUM) else kind
            native = getattr(native, "impl", native)
            name = (getattr(native, "schema", None), getattr(native, "name", None))
            if isinstance(native, ENUM) and native.enums and native.name and name not in writer.enums:
                writer.enums.add(name)
                late.append((table, native, writer.compile(CreateEnumType(native))))
    return late


class AludelIndexes(list):
    """Indexes in an order, and still a set to the listeners of an application."""

    def add(self, index):
        if index not in self:
            self.append(index)

    def discard(self, index):
        if index in self:
            self.remove(index)


def aludel_generate(writer, metadata):
    """Runs SQLAlchemy's generator over one MetaData, with tables and indexes sorted by name beforehand."""
    from sqlalchemy.schema import CreateIndex

    try:
        from sqlalchemy.sql.ddl import SchemaGenerator
    except ImportError:
        from sqlalchemy.engine.ddl import SchemaGenerator
    tables = aludel_tables(metadata)
    for table in tables:
        table.indexes = AludelIndexes(
            sorted(table.indexes, key=lambda index: (str(index.name or ""), writer.compile(CreateIndex(index))))
        )
    first = len(writer.statements)
    SchemaGenerator(writer.dialect, writer.connection, checkfirst=False, tables=tables).traverse_single(metadata)
    made = writer.statements[first:]
    del writer.statements[first:]
    for table, native, sql in aludel_late_enums(writer, metadata):
        writer.write(sql, "CreateEnumType", native, table)
    late = writer.statements[first:]
    del writer.statements[first:]
    enums = [one for one in late + made if one["what"] == "CreateEnumType"]
    rest = [one for one in made if one["what"] != "CreateEnumType"]
    users = {}
    for table, kind in aludel_types(metadata):
        users.setdefault(str(getattr(kind, "name", None)), table)
    for one in enums:
        table = users.get(one["name"])
        if table is not None:
            one.update(dict(writer.origins.get(table) or {}, table=str(table.fullname)))
    writer.statements.extend(sorted(enums, key=lambda one: one["sql"]))
    writer.statements.extend(aludel_sort_constraints(rest))


def aludel_sort_constraints(statements):
    """Sorts each run of ADD CONSTRAINT (foreign keys of a cycle, which SQLAlchemy keeps in a set)."""
    result = []
    run = []
    for statement in statements + [None]:
        if statement is not None and statement["what"] == "AddConstraint":
            run.append(statement)
            continue
        result.extend(sorted(run, key=lambda one: (one.get("table", ""), one["order"], one["sql"])))
        run = []
        if statement is not None:
            result.append(statement)
    return result


# ---- Row security: Table.info["rls"], documented in docs/guide/sqlalchemy.md. ----
ALUDEL_RLS_KEYS = ("enable", "force", "policies")
ALUDEL_POLICY_KEYS = ("name", "command", "permissive", "roles", "using", "check")
ALUDEL_COMMANDS = ("all", "select", "insert", "update", "delete")
ALUDEL_ROLE_WORDS = ("public", "current_user", "current_role", "session_user")


def aludel_check_keys(table, what, given, known):
    for key in given:
        if key not in known:
            near = difflib.get_close_matches(str(key), known, n=1)
            hint = "did you mean `%s`?" % near[0] if near else "known keys: %s" % ", ".join(known)
            raise AludelFailure("rls", 'table %s: info["rls"]%s has no key `%s`' % (table, what, key), hint)


def aludel_policy_expression(writer, value):
    """A policy's expression: SQL text, or a SQLAlchemy expression compiled without the table's name."""
    if isinstance(value, str):
        return value
    arguments = {"literal_binds": True, "include_table": False}
    return str(value.compile(dialect=writer.dialect, compile_kwargs=arguments))


def aludel_policy(writer, table, policy):
    """Writes one CREATE POLICY."""
    name = table.fullname
    if not isinstance(policy, dict) or not policy.get("name"):
        raise AludelFailure("rls", 'table %s: each policy in info["rls"] is a dict with a `name`' % name)
    aludel_check_keys(name, '["policies"]', policy, ALUDEL_POLICY_KEYS)
    command = str(policy.get("command", "all")).lower()
    if command not in ALUDEL_COMMANDS:
        message = "table %s: policy %s has the command `%s`" % (name, policy["name"], command)
        raise AludelFailure("rls", message, "known commands: %s" % ", ".join(ALUDEL_COMMANDS))
    preparer = writer.dialect.identifier_preparer
    roles = policy.get("roles", ["public"])
    roles = [roles] if isinstance(roles, str) else list(roles)
    named = [role.upper() if role.lower() in ALUDEL_ROLE_WORDS else preparer.quote(role) for role in roles]
    lines = [
        "CREATE POLICY %s ON %s" % (preparer.quote(policy["name"]), writer.table_name(table)),
        "    AS %s" % ("PERMISSIVE" if policy.get("permissive", True) else "RESTRICTIVE"),
        "    FOR %s" % command.upper(),
        "    TO %s" % ", ".join(named or ["PUBLIC"]),
    ]
    if policy.get("using") is not None:
        lines.append("    USING (%s)" % aludel_policy_expression(writer, policy["using"]))
    if policy.get("check") is not None:
        lines.append("    WITH CHECK (%s)" % aludel_policy_expression(writer, policy["check"]))
    writer.write("\n".join(lines), "Policy", table, kind="policy")


def aludel_row_security(writer, metadata):
    """ALTER TABLE … ROW LEVEL SECURITY and CREATE POLICY for every table whose info asks for it."""
    for table in aludel_tables(metadata):
        rls = table.info.get("rls")
        if rls is None or rls is False:
            continue
        rls = {} if rls is True else rls
        if not isinstance(rls, dict):
            raise AludelFailure("rls", 'table %s: info["rls"] is True or a dict' % table.fullname)
        aludel_check_keys(table.fullname, "", rls, ALUDEL_RLS_KEYS)
        formatted = writer.table_name(table)
        if rls.get("enable", True):
            writer.write("ALTER TABLE %s ENABLE ROW LEVEL SECURITY" % formatted, "RowSecurity", table, kind="policy")
        if rls.get("force", False):
            writer.write("ALTER TABLE %s FORCE ROW LEVEL SECURITY" % formatted, "RowSecurity", table, kind="policy")
        for policy in rls.get("policies", ()):
            aludel_policy(writer, table, policy)


# ---- Entities registered with alembic_utils. ----
ALUDEL_ENTITY_ORDER = (
    ("PGExtension", "extension"),
    ("PGFunction", "function"),
    ("PGView", "view"),
    ("PGMaterializedView", "materialized view"),
    ("PGTrigger", "trigger"),
    ("PGPolicy", "policy"),
    ("PGGrantTable", "grant"),
)


def aludel_entity_origin(entity):
    """The file and line where a project's module binds the entity to a name, if one does."""
    for name in sorted(sys.modules):
        module = sys.modules[name]
        path = getattr(module, "__file__", None)
        if not isinstance(path, str) or not path.endswith(".py") or not aludel_is_project_file(path):
            continue
        for variable, value in list(vars(module).items()):
            if value is entity:
                pattern = re.compile(r"^%s\s*(:[^=]*)?=" % re.escape(variable))
                with open(path, encoding="utf-8", errors="replace") as source:
                    for number, line in enumerate(source, 1):
                        if pattern.match(line):
                            return {"file": path, "line": number}
                return {"file": path, "line": 1}
    return {}


def aludel_entities(writer):
    """The registered entities as statements, sorted so that a view stands behind those it mentions."""
    if "alembic_utils.replaceable_entity" not in sys.modules:
        return []
    registry = sys.modules["alembic_utils.replaceable_entity"].registry
    names = [name for name, _ in ALUDEL_ENTITY_ORDER]
    made = []
    for entity in registry.entities():
        ranks = [names.index(base.__name__) for base in type(entity).__mro__ if base.__name__ in names]
        if not ranks:
            continue
        sql = writer.compile(entity.to_sql_statement_create()).strip().rstrip(";").rstrip()
        # An extension may have been made beforehand because the script names it.
        sql = re.sub(r"^CREATE EXTENSION (?!IF NOT EXISTS)", "CREATE EXTENSION IF NOT EXISTS ", sql)
        statement = {"sql": sql, "what": type(entity).__name__, "kind": ALUDEL_ENTITY_ORDER[ranks[0]][1], "order": 0}
        statement.update(aludel_entity_origin(entity))
        made.append((ranks[0], str(entity.signature).split("(")[0].strip('" '), statement))
    made.sort(key=lambda one: (one[0], one[1], one[2]["sql"]))
    return aludel_mentioned_first(made)


def aludel_mentioned_first(made):
    """Moves an entity before another of its kind that mentions its name; keeps the order otherwise."""
    result = []
    visiting = set()

    def visit(position):
        if position in visiting:
            return
        visiting.add(position)
        rank, name, statement = made[position]
        for other, (other_rank, other_name, _) in enumerate(made):
            if other_rank == rank and other_name != name:
                if re.search(r"(?<!\w)%s(?!\w)" % re.escape(other_name), statement["sql"]):
                    visit(other)
        result.append((rank, name, statement))

    for position in range(len(made)):
        visit(position)
    return result
