# ---- The project as Alembic sees it: its configuration, its revisions, one step. ----
import argparse
import contextlib
import importlib.util
import inspect


def aludel_versions():
    try:
        import alembic
        import sqlalchemy
    except ImportError as error:
        if error.name not in ("alembic", "sqlalchemy"):
            # Both are there, but not releases that go together.
            raise
        raise AludelFailure(
            "no-alembic",
            "%s is not installed in %s" % (error.name, sys.executable),
            "name the project's own interpreter: aludel adopt --python .venv/bin/python",
        )
    version = getattr(alembic, "__version__", "0")
    if tuple(int(part) for part in version.split(".")[:2] if part.isdigit()) < (1, 0):
        raise AludelFailure(
            "old-alembic", "Alembic %s is installed; adopting needs 1.0 or newer" % version, "upgrade it: pip install -U alembic"
        )
    return {
        "python": sys.version.split()[0],
        "alembic": version,
        "sqlalchemy": sqlalchemy.__version__,
    }


ALUDEL_DRIVERS = ("psycopg2", "psycopg", "asyncpg", "pg8000")


def aludel_drivers(stated, env):
    """The driver that the project's URL names, else those that are installed, with what fits env.py first."""
    scheme = (stated or "").partition("://")[0]
    backend, _, driver = scheme.partition("+")
    if backend in ("postgresql", "postgres") and driver:
        return [driver]
    wants_async = False
    if env is not None and os.path.exists(env):
        with open(env, encoding="utf-8") as text:
            wants_async = "asyncio" in text.read()
    wanted = ("asyncpg", "psycopg", "psycopg2", "pg8000") if wants_async else ALUDEL_DRIVERS
    found = [name for name in wanted if importlib.util.find_spec(name) is not None]
    if found:
        # The same package under the name that makes an engine of the other kind.
        return found + ["psycopg_async"] if "psycopg" in found else found
    raise AludelFailure(
        "no-driver",
        "no PostgreSQL driver is installed in %s (%s)" % (sys.executable, ", ".join(wanted)),
        "install one there: pip install psycopg2-binary",
    )


# What SQLAlchemy says to a driver that is asynchronous where it must not be, or is not where it must be.
ALUDEL_OTHER_DRIVER = ("requires an async driver", "greenlet_spawn has not been called")


def aludel_url(driver):
    """The scratch database as an SQLAlchemy URL."""
    where = ALUDEL_TARGET.where
    scheme = "postgresql+%s://%s@/%s" % (driver, where["user"], where["database"])
    if driver == "pg8000":
        return "%s?unix_sock=%s/.s.PGSQL.%s" % (scheme, where["host"], where["port"])
    return "%s?host=%s&port=%s" % (scheme, where["host"], where["port"])


ALUDEL_OURS = set()


def aludel_offer_url(driver):
    """Sets the variables that applications read their URL from, where nobody has set them."""
    url = aludel_url(driver)
    for variable in ("DATABASE_URL", "SQLALCHEMY_DATABASE_URI", "SQLALCHEMY_DATABASE_URL"):
        if variable in ALUDEL_OURS or variable not in os.environ:
            ALUDEL_OURS.add(variable)
            os.environ[variable] = url


def aludel_name_revision_files():
    """Errors of Alembic's about a file of revisions say which file it is."""
    from alembic.script.base import Script

    read = Script._from_path.__func__

    def named(cls, directory, *place):
        try:
            return read(cls, directory, *place)
        except Exception as error:
            error.aludel_file = os.path.join(*[str(part) for part in place])
            raise

    Script._from_path = classmethod(named)


def aludel_in_worker_thread(run):
    import anyio
    import anyio.to_thread

    return lambda: anyio.run(anyio.to_thread.run_sync, run)


def aludel_memo(context):
    """The types that a run of Alembic's knows to have made or dropped: it does neither again, whatever the revision."""
    memo = getattr(context.impl, "memo", {}) if context is not None else {}
    return {kind: [list(name) for name in names] for kind, names in memo.items() if isinstance(names, set)}


class AludelProject:
    """The configuration, made once."""

    def __init__(self, request, config, without_env):
        """Of a configuration that the application has made itself, else of what the request says."""
        from alembic.script import ScriptDirectory

        self.request = request
        # What the application does where it has no env.py.
        self.without_env = without_env
        self.context = None
        self.shares_connection = False
        self.isolation = None
        self.flask = None
        self.config = config
        if config is None:
            # Behind what `prepend_sys_path` says, the folder where `alembic` would be typed.
            sys.path.insert(0, os.getcwd())
            if request["is_flask"]:
                self.flask = self.load_flask()
        elif config.attributes.pop("connection", None) is not None:
            self.shares_connection = True
        with self.around():
            self.config = config or self.make_config()
            self.stated = self.config.get_main_option("sqlalchemy.url")
            self.script = ScriptDirectory.from_config(self.config)
            self.drivers = aludel_drivers(self.stated, os.path.join(self.script.dir, "env.py"))
            self.place_url()

    def load_flask(self):
        from flask.cli import ScriptInfo, load_dotenv

        aludel_offer_url(aludel_drivers(None, self.request["env"])[0])
        # As `flask` does: .env and .flaskenv first, then the application that FLASK_APP names.
        load_dotenv()
        return ScriptInfo(os.environ.get("FLASK_APP")).load_app()

    def around(self):
        return self.flask.app_context() if self.flask else contextlib.suppress()

    def make_config(self):
        request = self.request
        if self.flask and "migrate" in self.flask.extensions:
            migrate = self.flask.extensions["migrate"].migrate
            return migrate.get_config(request["script_location"], x_arg=request["x"] or None)
        from alembic.config import Config
        from alembic import command

        settings = request["settings"]
        if settings and settings.endswith(".toml"):
            config = Config(toml_file=settings)
        elif settings and "toml_file" in inspect.signature(Config).parameters:
            # As `alembic` does since 1.16: what the one does not say, the other may.
            beside = os.path.join(os.path.dirname(settings), "pyproject.toml")
            config = Config(settings, toml_file=beside, ini_section=request["section"])
        else:
            config = Config(settings, ini_section=request["section"])
        config.set_main_option("script_location", request["script_location"].replace("%", "%%"))
        config.cmd_opts = argparse.Namespace(
            x=request["x"] or None,
            config=settings,
            name=request["section"],
            raiseerr=True,
            revision="heads",
            sql=False,
            tag=None,
            cmd=(command.upgrade, ["revision"], ["sql", "tag"]),
        )
        return config

    def place_url(self):
        url = aludel_url(self.drivers[0])
        self.config.set_main_option("sqlalchemy.url", url.replace("%", "%%"))
        aludel_offer_url(self.drivers[0])

    def revisions(self):
        """The ids that Alembic itself finds, in the order in which it runs them."""
        # Revision files are imported here, and may ask for `current_app`.
        with self.around():
            return [script.revision for script in self.script.walk_revisions()][::-1]

    def places(self):
        """Where everything is, as Alembic has it now."""
        return {
            "settings": self.config.config_file_name,
            "section": self.config.config_ini_section,
            "script_location": str(self.script.dir),
            "version_locations": [str(location) for location in self.script._version_locations],
            "is_recursive": bool(getattr(self.script, "recursive_version_locations", False)),
            "file_template": self.config.get_main_option("file_template"),
        }

    def load(self):
        """Runs env.py without a revision: what the application does when it is imported belongs to none."""
        try:
            self.run(lambda heads, context: [], None)
        except AludelFailure as error:
            # It may run for what it finds in the database, such as tenants; a baseline may make one.
            if error.report["kind"] != "env":
                raise
            return error.report
        return None

    def step(self, revision, direction, memo):
        """Runs one revision, in the one or the other direction, as a part of the run that has this memo."""
        from alembic.runtime.migration import MigrationStep

        self.place_url()
        script = self.script.get_revision(revision)
        make = MigrationStep.upgrade_from_script if direction == "upgrade" else MigrationStep.downgrade_from_script

        def steps(heads, context):
            for kind, names in memo.items():
                context.impl.memo[kind] = {tuple(name) for name in names}
            self.mark(context)
            return [make(self.script.revision_map, script)]

        self.run(steps, revision)

    def upgrade(self, targets, began):
        """Runs all revisions up to these as `alembic upgrade` does: in one run, with the transactions that env.py wants."""
        self.place_url()
        # Several are those of the whole history.
        wanted = targets[0] if len(targets) == 1 else "heads"

        def marked(step, context):
            migrate = step.migration_fn

            def migration_fn(*arguments, **named):
                began(step.revision.revision)
                self.mark(context)
                return migrate(*arguments, **named)

            step.migration_fn = migration_fn
            return step

        def steps(heads, context):
            return [marked(step, context) for step in self.script._upgrade_revs(wanted, heads)]

        self.run(steps, wanted)

    def run(self, steps, revision):
        """Runs env.py, which runs the steps."""
        from alembic.runtime.environment import EnvironmentContext

        self.context = None
        wanted = self.request["database"]
        # What was typed: some env.py choose the database by it.
        if getattr(self.config.cmd_opts, "revision", None):
            self.config.cmd_opts.revision = revision or self.some_head()

        def found(heads, context):
            self.context = context
            ALUDEL_TARGET.is_within = True
            return steps(heads, context)

        if self.without_env is not None:
            self.without_env.run(found, self.look)
            return

        environment = EnvironmentContext(
            self.config, self.script, fn=found, as_sql=False, starting_rev=None, destination_rev=revision, tag=None
        )
        run_migrations = environment.run_migrations

        engines = []

        def look_and_run(**named):
            engines.append(named.get("engine_name"))
            if wanted is None or engines[-1] == wanted:
                # Before Alembic makes its table.
                self.look(environment.get_context())
                run_migrations(**named)

        environment.run_migrations = look_and_run
        with self.around(), environment:
            self.run_env()
        if self.context is None and engines:
            known = ", ".join("-n %s" % name for name in engines if name)
            raise AludelFailure("engine", "env.py runs on no database `%s`" % wanted, "it knows these: %s" % known)
        if self.context is None:
            raise AludelFailure(
                "env",
                "env.py ended without running a migration (context.run_migrations was not called)",
                "where it runs for what it finds in the database, as for tenants, name what makes one: "
                "aludel adopt --baseline tenant.sql, with CREATE SCHEMA tenant_one;",
            )

    def some_head(self):
        """A head of the history; an env.py that sets the folders of revisions itself has not said yet where they are."""
        from alembic.script import ScriptDirectory

        # The project's own directory keeps what it found, so another one is asked.
        heads = ScriptDirectory.from_config(self.config).get_heads()
        return heads[0] if heads else "heads"

    def run_env(self):
        """Runs env.py as its application does: on a worker thread of AnyIO's, with another kind of driver, or with a
        connection in `config.attributes` (Alembic's recipe to share one), once it has said that it wants that."""
        run = self.script.run_env
        first = None
        while True:
            try:
                with self.shared_connection():
                    return run()
            except Exception as error:
                if self.context is not None:
                    if not self.is_for_autocommit(error):
                        raise
                    # Nothing of it is left; the application's own connection commits each statement.
                    self.isolation = "AUTOCOMMIT"
                    self.context = None
                elif "AnyIO worker thread" in str(error) and run == self.script.run_env:
                    run = aludel_in_worker_thread(run)
                elif self.drivers[1:] and any(text in str(error) for text in ALUDEL_OTHER_DRIVER):
                    del self.drivers[0]
                    self.place_url()
                elif "connection" in str(error).lower() and not self.shares_connection:
                    first = error
                    self.shares_connection = True
                elif first is not None:
                    self.shares_connection = False
                    raise first
                else:
                    raise

    def is_for_autocommit(self, error):
        """Whether a statement was refused because it must not be in the transaction of the connection that is shared."""
        return self.shares_connection and self.isolation is None and "inside a transaction block" in str(error)

    @contextlib.contextmanager
    def shared_connection(self):
        """What an application does that gives its own connection to Alembic: it begins and commits."""
        from sqlalchemy import create_engine, pool

        drivers = [driver for driver in self.drivers if driver in ALUDEL_DRIVERS and driver != "asyncpg"]
        if not self.shares_connection or not drivers:
            yield
            return
        named = {"isolation_level": self.isolation} if self.isolation else {}
        engine = create_engine(aludel_url(drivers[0]), poolclass=pool.NullPool, **named)
        with (engine.connect() if self.isolation else engine.begin()) as connection:
            self.config.attributes["connection"] = connection
            try:
                yield
            finally:
                del self.config.attributes["connection"]

    def look(self, context):
        """Refuses what cannot be recorded."""
        name = context.dialect.name
        if name != "postgresql":
            aludel_forget_made()
            raise aludel_not_postgresql(name)
        if context.as_sql or context.connection is None:
            raise AludelFailure("offline", "env.py runs its migrations offline, so there is nothing to record")

    def mark(self, context):
        """Marks in the server's log where the revision itself begins."""
        statement = "SELECT '%s'" % ALUDEL_MARK
        aludel_statements(context.connection)(statement)

    def version_table(self):
        context = self.context
        return {
            "table": getattr(context, "version_table", "alembic_version"),
            "schema": getattr(context, "version_table_schema", None),
        }


def aludel_make_version_schema():
    """Where the version table has a schema of its own, people make that before Alembic first runs; on scratch nobody has."""
    from alembic.runtime.migration import MigrationContext
    from alembic.util import sqla_compat

    ensure = MigrationContext._ensure_version_table
    scope = getattr(sqla_compat, "_ensure_scope_for_ddl", lambda connection: contextlib.suppress())

    def made(context, *arguments, **named):
        schema = getattr(context, "version_table_schema", None)
        if schema and context.connection is not None and context.dialect.name == "postgresql":
            with scope(context.connection):
                run = aludel_statements(context.connection)
                if run("SELECT 1 FROM pg_namespace WHERE nspname = '%s'" % schema.replace("'", "''")).first() is None:
                    if ALUDEL_TARGET.is_loading:
                        return None
                    name = context.dialect.identifier_preparer.quote(schema)
                    run("-- Alembic's version table is there\nCREATE SCHEMA IF NOT EXISTS %s" % name)
        return ensure(context, *arguments, **named)

    MigrationContext._ensure_version_table = made


def aludel_statements(connection):
    """What runs a text as it is; SQLAlchemy 1.3 has another name for it."""
    return getattr(connection, "exec_driver_sql", connection.execute)
