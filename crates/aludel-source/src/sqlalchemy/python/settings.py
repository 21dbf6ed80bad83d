# ---- What env.py says beyond its metadata: the arguments of `context.configure`, and the database's URL. ----

# Arguments that say how to connect or how a script is written: none of them says anything about the schema.
ALUDEL_NOT_SETTINGS = (
    "connection", "url", "dialect_name", "dialect_opts", "literal_binds", "output_buffer", "output_encoding", "starting_rev",
    "tag", "as_sql", "transactional_ddl", "transaction_per_migration", "render_as_batch", "fn", "engine_name",
)
# Those that are honoured, and the setting of aludel.toml that is their equal, where there is one.
ALUDEL_HONOURED = {
    "target_metadata": "models.sources",
    "include_object": "models.sources",
    "include_name": "models.sources",
    "include_schemas": "models.sources",
    "compare_type": "models.sources",
    "compare_server_default": "models.sources",
    "version_table": "database.version-table",
    "version_table_schema": "database.version-schema",
}


# Where the drivers begin a connection.
ALUDEL_CONNECTS = {
    "psycopg": ("connect", "Connection.connect", "AsyncConnection.connect"),
    "psycopg2": ("connect",),
    "asyncpg": ("connect", "connection.connect"),
    "pg8000.core": ("CoreConnection.__init__", "Connection.__init__"),
}


class AludelConnectionAsked(Exception):
    """Raised where env.py would connect in a way that nothing stands in for."""


class AludelEnvironment:
    """The settings of an env.py: values, and the line that each stands on."""

    def __init__(self, origins):
        self.origins = origins
        self.file = None
        self.values = {}
        self.lines = {}
        self.texts = {}
        self.unread = {}
        self.find_url = None
        self.engine_url = None
        self.has_read_revisions = False
        self.unread_revisions = None
        self.tables_of_revisions = []

    def read(self, file, text, names, configured, context):
        self.file = file
        calls = aludel_configure_calls(text)
        for named in configured:
            self.values.update(named)
        spread = False
        for call in calls:
            for keyword in call.keywords:
                spread = spread or keyword.arg is None
                if keyword.arg is not None and keyword.arg not in ALUDEL_NOT_SETTINGS:
                    self.read_keyword(keyword, text, names)
        if self.unread or spread:
            self.read_online(names, configured, context)
        for name in list(self.unread):
            if name in self.values:
                del self.unread[name]

    def read_keyword(self, keyword, text, names):
        name = keyword.arg
        self.lines[name] = keyword.value.lineno
        self.texts[name] = ast.get_source_segment(text.decode("utf-8", "replace"), keyword.value) or ""
        try:
            self.values[name] = eval(compile(ast.Expression(keyword.value), self.file, "eval"), names)
        except BaseException as error:
            self.unread[name] = "%s: %s" % (type(error).__name__, error)

    def read_online(self, names, configured, context):
        """Arguments that only stand in a function are known when it runs: it does, with engines that never connect."""
        online = names.get("run_migrations_online")
        if not callable(online):
            return
        before = len(configured)
        context.is_offline_mode = lambda: False
        try:
            with aludel_engines_that_never_connect(self):
                result = online()
                if hasattr(result, "__await__"):
                    import asyncio

                    asyncio.run(result)
        except BaseException as error:
            for name in self.unread:
                self.unread[name] = "run_migrations_online: %s: %s" % (type(error).__name__, error)
        for named in configured[before:]:
            self.values.update(named)

    def warnings(self, every):
        """What would be honoured, were it known, and what is known only as long as Alembic's revisions are there."""
        late = [table for table in self.tables_of_revisions if any(table is metadata.tables.get(table.key) for metadata in every)]
        if late:
            files = {self.origins[table]["file"] for table in late}
            modules = sorted(name for name, module in list(sys.modules.items()) if getattr(module, "__file__", None) in files)
            names = sorted(str(table.fullname) for table in late)
            more = " and %d more" % (len(names) - 3) if len(names) > 3 else ""
            message = "Alembic's revisions alone import the models of %s%s" % (", ".join(names[:3]), more)
            hint = "import in env.py, before the revisions go: %s" % ", ".join(modules)
            yield aludel_warning({"file": self.file}, message, hint)
        if self.unread_revisions is not None:
            message = "Alembic's revisions cannot be read: %s" % self.unread_revisions
            hint = "tables that only they import are missing from the models"
            yield aludel_warning({"file": self.file}, message, hint)
        for name in sorted(self.unread):
            if name in ALUDEL_HONOURED:
                message = "the value of %s is not known: %s" % (name, self.unread[name])
                hint = "bind it to a name at the top of env.py, or say the same in aludel.toml ([manage] ignore, schemas)"
                yield aludel_warning({"file": self.file, "line": self.lines.get(name)}, message, hint)

    def honours(self, name):
        value = self.values.get(name)
        return value if callable(value) else None

    def document(self):
        settings = []
        for name in sorted(set(self.values) | set(self.unread)):
            if name in ALUDEL_NOT_SETTINGS:
                continue
            value = self.values.get(name)
            if value is None and name not in self.unread:
                continue
            settings.append(
                {
                    "name": name,
                    "value": value if isinstance(value, (bool, int, str)) else None,
                    "text": self.texts.get(name) or aludel_described(value),
                    "line": self.lines.get(name),
                    "unread": self.unread.get(name),
                    "setting": ALUDEL_HONOURED.get(name),
                }
            )
        return {
            "file": self.file,
            "settings": settings,
            "has_filters": bool(
                self.honours("include_object")
                or self.honours("include_name")
                or self.honours("compare_type")
                or self.honours("compare_server_default")
            ),
            "include_schemas": bool(self.values.get("include_schemas")),
            "compare_type": self.values.get("compare_type") is not False,
            "compare_server_default": self.values.get("compare_server_default") is not False,
        }


def aludel_described(value):
    if isinstance(value, (bool, int, str)):
        return repr(value)
    code = getattr(value, "__code__", None)
    if code is not None:
        return "%s (%s:%d)" % (value.__name__, os.path.basename(code.co_filename), code.co_firstlineno)
    return type(value).__name__


def aludel_configure_calls(text):
    """The calls of `context.configure` in the text of an env.py, in their order."""
    try:
        tree = ast.parse(text)
    except SyntaxError:
        return []
    calls = [node for node in ast.walk(tree) if isinstance(node, ast.Call)]
    named = [call for call in calls if isinstance(call.func, ast.Attribute) and call.func.attr == "configure"]
    return sorted(named, key=lambda call: call.lineno)


class AludelConnection(AludelNothing):
    """What `Engine.connect` answers with while env.py is read, for programs that wait and programs that do not."""

    def __init__(self, dialect):
        self.dialect = dialect
        # What a function may ask the migration context without a database.
        self.context = AludelNothing()
        self.context.dialect = dialect
        self.context.impl = AludelNothing()
        self.context.impl.dialect = dialect

    async def __aenter__(self):
        return self

    async def __aexit__(self, *_):
        return False

    async def run_sync(self, function, *arguments, **named):
        return function(self, *arguments, **named)

    def execution_options(self, **_):
        return self


class aludel_drivers_that_refuse:
    """While it is entered, no driver of PostgreSQL's connects, those of SQLAlchemy's engines neither."""

    def __init__(self):
        self.patched = []

    def __enter__(self):
        def refuse(*_, **__):
            frame = sys._getframe(1)
            while frame is not None:
                file = frame.f_code.co_filename
                if not file.startswith("<") and aludel_is_project_file(file):
                    raise AludelConnectionAsked("%s:%d connects to a database" % (os.path.relpath(file), frame.f_lineno))
                frame = frame.f_back
            raise AludelConnectionAsked("something connects to a database")

        for name, paths in ALUDEL_CONNECTS.items():
            try:
                driver = importlib.import_module(name)
            except Exception:
                continue
            for path in paths:
                *owners, last = path.split(".")
                owner = driver
                for part in owners:
                    owner = getattr(owner, part, None)
                self.patch(owner, last, refuse)

    def patch(self, owner, name, replacement):
        if owner is not None and hasattr(owner, name):
            self.patched.append((owner, name, vars(owner).get(name, getattr(owner, name))))
            setattr(owner, name, replacement)

    def __exit__(self, *_):
        for owner, name, original in reversed(self.patched):
            setattr(owner, name, original)
        return False


class aludel_engines_that_never_connect(aludel_drivers_that_refuse):
    """While it is entered, engines are made but never used, and drivers refuse."""

    def __init__(self, environment):
        super().__init__()
        self.environment = environment

    def __enter__(self):
        from sqlalchemy.engine import Engine

        super().__enter__()
        dialect = aludel_dialect()

        def connect(engine, *_, **__):
            self.environment.engine_url = getattr(engine, "url", None)
            return AludelConnection(dialect)

        async def disposed(*_, **__):
            return None

        for name in ("connect", "begin", "raw_connection"):
            self.patch(Engine, name, connect)
        try:
            from sqlalchemy.ext.asyncio import AsyncEngine

            for name in ("connect", "begin"):
                self.patch(AsyncEngine, name, connect)
            self.patch(AsyncEngine, "dispose", disposed)
        except ImportError:
            pass


def aludel_environment_url(environment, config, names):
    """The URL that env.py would connect to: its own `url`, else what stands in the configuration when it has run."""
    url = environment.values.get("url")
    if url is None:
        url = config.get_main_option("sqlalchemy.url")
    if url is None:
        environment.read_online(names, [], sys.modules["alembic.context"])
        url = environment.engine_url
    if url is None:
        return None
    return url if isinstance(url, str) else url.render_as_string(hide_password=False)


# ---- include_object, include_name and compare_type, asked about what stands in the history. ----
ALUDEL_CONSTRAINTS = {"unique": "unique_constraint", "foreign key": "foreign_key_constraint", "check": "check_constraint"}


def aludel_reflected(current, dialect):
    """Tables as reflection would make them, from what the catalog says of them."""
    from sqlalchemy import CheckConstraint, Column, ForeignKeyConstraint, Index, MetaData, Table, UniqueConstraint, text

    metadata = MetaData()
    tables = {}
    for one in current:
        columns = [
            Column(name, aludel_reflected_type(kind, dialect), server_default=default and text(default))
            for name, kind, default in one["columns"]
        ]
        table = Table(one["name"], metadata, *columns, schema=one["schema"])
        tables[(one["schema"], one["name"])] = table
        known = {column.name for column in columns}
        for kind, name, parts in one["parts"]:
            parts = [part for part in parts if part in known] or sorted(known)[:1]
            if kind == "index":
                Index(name, *[table.c[part] for part in parts])
            elif kind == "unique":
                table.append_constraint(UniqueConstraint(*parts, name=name))
            elif kind == "check":
                table.append_constraint(CheckConstraint("true", name=name))
            elif kind == "foreign key":
                table.append_constraint(
                    ForeignKeyConstraint(parts, ["aludel_referred.%s" % part for part in parts], name=name)
                )
    return tables


def aludel_reflected_type(kind, dialect):
    """The type that reflection would give a column, as far as it is told by its text."""
    from sqlalchemy.types import NullType

    name, _, rest = kind.partition("(")
    arguments, _, tail = rest.partition(")")
    known = dialect.ischema_names.get((name + tail).strip())
    if known is None:
        return NullType()
    try:
        numbers = [int(argument) for argument in arguments.split(",") if argument.strip()]
        return known(*numbers)
    except (TypeError, ValueError):
        try:
            return known()
        except TypeError:
            return NullType()


class AludelFilters:
    """Collects what env.py's functions leave out, by kind, schema, table and name."""

    def __init__(self, environment, every, current, default_schema, dialect):
        self.include_object = environment.honours("include_object") or (lambda *_: True)
        self.include_name = environment.honours("include_name") or (lambda *_: True)
        self.compare_type = environment.honours("compare_type")
        self.compare_server_default = environment.honours("compare_server_default")
        self.dialect = dialect
        # What a function may ask the migration context without a database.
        self.context = AludelNothing()
        self.context.dialect = dialect
        self.context.impl = AludelNothing()
        self.context.impl.dialect = dialect
        self.default_schema = default_schema
        self.left_out = []
        self.types_kept = []
        self.defaults_kept = []
        self.modelled = {}
        for metadata in every:
            for table in aludel_tables(metadata):
                self.modelled[(table.schema, table.name)] = table
        self.reflected = aludel_reflected(
            [dict(one, schema=self.schema(one["schema"])) for one in current], dialect
        )

    def schema(self, name):
        """Alembic knows the default schema by no name."""
        return None if name == self.default_schema else name

    def leave_out(self, kind, schema, table, name=None):
        self.left_out.append({"kind": kind, "schema": schema or self.default_schema, "table": table, "name": name})

    def named(self, name, kind, schema, table=None):
        parents = {"schema_name": schema}
        if table is not None:
            parents["table_name"] = table
            parents["schema_qualified_table_name"] = "%s.%s" % (schema, table) if schema else table
        return self.include_name(name, kind, parents)

    def run(self):
        for key in sorted(set(self.modelled) | set(self.reflected), key=lambda key: (key[0] or "", key[1])):
            schema, name = key
            wanted = self.modelled.get(key) if key in self.modelled else self.modelled.get((self.default_schema, name))
            found = self.reflected.get(key)
            if wanted is None:
                included = self.named(schema, "schema", None) and self.named(name, "table", schema)
                included = included and self.include_object(found, name, "table", True, None)
            else:
                included = self.include_object(wanted, name, "table", False, found)
            if not included:
                self.leave_out("table", schema, name)
                continue
            self.columns(schema, name, wanted, found)
            self.parts(schema, name, wanted, found)

    def columns(self, schema, table, wanted, found):
        wanted = {column.name: column for column in wanted.columns} if wanted is not None else {}
        found = {column.name: column for column in found.columns} if found is not None else {}
        for name in sorted(set(wanted) | set(found)):
            mine, theirs = wanted.get(name), found.get(name)
            if mine is None:
                included = self.named(name, "column", schema, table)
                included = included and self.include_object(theirs, name, "column", True, None)
            else:
                included = self.include_object(mine, name, "column", False, theirs)
            if not included:
                self.leave_out("column", schema, table, name)
            elif mine is not None and theirs is not None:
                column = {"kind": "column", "schema": schema or self.default_schema, "table": table, "name": name}
                if self.compare_type is not None:
                    if self.compare_type(self.context, theirs, mine, theirs.type, mine.type) is False:
                        self.types_kept.append(column)
                if self.compare_server_default is not None and self.is_default_kept(theirs, mine):
                    self.defaults_kept.append(column)

    def is_default_kept(self, found, wanted):
        """Whether env.py's function calls two defaults equal; one that wants a real connection says nothing."""
        compiler = self.dialect.ddl_compiler(self.dialect, None)
        known = None if found.server_default is None else str(found.server_default.arg)
        rendered = compiler.get_column_default_string(wanted)
        try:
            answer = self.compare_server_default(self.context, found, wanted, known, wanted.server_default, rendered)
        except Exception:
            return False
        return answer is False

    def parts(self, schema, table, wanted, found):
        wanted, found = self.by_name(wanted), self.by_name(found)
        for key in sorted(set(wanted) | set(found)):
            kind, name = key
            mine, theirs = wanted.get(key), found.get(key)
            if mine is None:
                included = self.named(name, kind, schema, table)
                included = included and self.include_object(theirs, name, kind, True, None)
            else:
                included = self.include_object(mine, name, kind, False, theirs)
            if not included:
                self.leave_out(kind, schema, table, name)

    @staticmethod
    def by_name(table):
        """Indexes and constraints by kind and name; PostgreSQL's own name stands for the one that is not given."""
        from sqlalchemy import CheckConstraint, ForeignKeyConstraint, UniqueConstraint

        if table is None:
            return {}
        parts = {("index", str(index.name)): index for index in table.indexes if index.name}
        kinds = (
            (UniqueConstraint, "unique_constraint", "key"),
            (ForeignKeyConstraint, "foreign_key_constraint", "fkey"),
            (CheckConstraint, "check_constraint", "check"),
        )
        for constraint in table.constraints:
            for kind, name, suffix in kinds:
                if isinstance(constraint, kind):
                    columns = [column.name for column in getattr(constraint, "columns", ())]
                    made = "_".join([table.name] + columns + [suffix])
                    parts[(name, str(constraint.name or made))] = constraint
        return parts
