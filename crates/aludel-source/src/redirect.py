# ---- Every connection to a PostgreSQL server goes to one scratch database, whatever env.py and the application say. ----
import inspect
import weakref


class AludelTarget:
    """The database of the step that runs, and what was asked for instead of it."""

    def __init__(self):
        self.where = {}
        self.asked = []
        self.refused = []
        self.engines = []
        self.records = []
        self.is_loading = False
        # Files that connecting has made.
        self.made = []
        # Whether the migrations' own connection is known, and revisions run.
        self.is_within = False

    def point(self, where, is_loading):
        self.where = where
        self.is_loading = is_loading
        self.engines = []
        self.asked = []
        self.refused = []
        self.is_within = False
        names = {"PGHOST": "host", "PGPORT": "port", "PGUSER": "user", "PGDATABASE": "database"}
        for variable, key in names.items():
            os.environ[variable] = str(where[key])
        for variable in ("PGSERVICE", "PGHOSTADDR", "PGPASSWORD", "PGSSLMODE", "PGOPTIONS"):
            os.environ.pop(variable, None)

    def libpq(self):
        where = self.where
        return {"host": where["host"], "port": where["port"], "user": where["user"], "dbname": where["database"]}

    def asyncpg(self):
        where = self.where
        return {
            "host": where["host"],
            "port": int(where["port"]),
            "user": where["user"],
            "database": where["database"],
        }

    def pg8000(self):
        where = self.where
        socket = os.path.join(where["host"], ".s.PGSQL.%s" % where["port"])
        return {"unix_sock": socket, "user": where["user"], "database": where["database"]}

    def of_driver(self, driver):
        if driver.startswith("asyncpg"):
            return self.asyncpg()
        if driver.startswith("pg8000"):
            return self.pg8000()
        return self.libpq()


ALUDEL_TARGET = AludelTarget()

# What says where to, by any driver's name for it; everything else (search path, isolation) stays as it is.
ALUDEL_PLACES = (
    "host hostaddr port user password passfile dbname database dsn service sslmode sslcert sslkey sslrootcert ssl "
    "ssl_context unix_sock sock requiressl gssencmode target_session_attrs direct_tls channel_binding krbsrvname"
).split()


def aludel_where(arguments, named):
    """Where a connection would have gone, without its password."""
    for argument in arguments:
        if isinstance(argument, str) and argument:
            if "://" in argument:
                scheme, _, rest = argument.partition("://")
                return "%s://%s" % (scheme, rest.rpartition("@")[2])
            words = [word for word in argument.split() if not word.startswith("password")]
            return " ".join(words)
    if isinstance(named.get("dsn"), str):
        return aludel_where([named["dsn"]], {})
    host = named.get("host") or named.get("unix_sock") or "localhost"
    database = named.get("dbname") or named.get("database") or ""
    return "%s/%s" % (host, database)


def aludel_not_postgresql(name):
    if ALUDEL_TARGET.is_within:
        return AludelFailure("refused", "it connects to %s on its own; while it is recorded, that is refused" % name)
    return AludelFailure(
        "not-postgresql",
        "%s connects to %s; only histories that run on PostgreSQL can be adopted"
        % ("the application" if ALUDEL_REQUEST["through"] else "env.py", name),
        "let the project use PostgreSQL, for example: DATABASE_URL=postgresql://localhost/any aludel adopt (or the "
        "variable that the project reads); nothing connects there",
    )


def aludel_forget_made():
    """Deletes the files that connecting alone has made."""
    for path in ALUDEL_TARGET.made:
        if os.path.exists(path) and os.path.getsize(path) == 0:
            os.unlink(path)


# Databases in files or in memory: an application may keep something of its own there. Only the migrations' own connection
# has to be PostgreSQL's, which is looked at when env.py configures it.
ALUDEL_WITHOUT_SERVER = ("sqlite", "duckdb")


def aludel_on_engine_connect(dialect, record, arguments, named):
    if dialect.name in ALUDEL_WITHOUT_SERVER:
        file = str(arguments[0] if arguments else named.get("database") or "")
        if file and not os.path.exists(file):
            ALUDEL_TARGET.made.append(os.path.abspath(file))
        return None
    place = aludel_where(arguments, named)
    if dialect.name != "postgresql":
        ALUDEL_TARGET.refused.append("%s (%s)" % (place, dialect.name))
        raise aludel_not_postgresql(dialect.name)
    is_ours = str(ALUDEL_TARGET.where["host"]) in place
    if not is_ours and place not in ALUDEL_TARGET.engines:
        ALUDEL_TARGET.engines.append(place)
    del arguments[:]
    for key in ALUDEL_PLACES:
        named.pop(key, None)
    named.update(ALUDEL_TARGET.of_driver(dialect.driver))
    return None


def aludel_on_connected(connection, record):
    try:
        ALUDEL_TARGET.records.append(weakref.ref(record))
    except TypeError:
        pass


def aludel_lead(arguments, named, where):
    """Whether a connection would go to the scratch database by itself; if not, `named` says so from now on."""
    if all(named.get(key) == value for key, value in where.items()) and not any(arguments):
        return True
    ALUDEL_TARGET.asked.append(aludel_where(arguments, named))
    for key in ALUDEL_PLACES:
        named.pop(key, None)
    named.update(where)
    return False


def aludel_wrap(holder, name, place):
    """Replaces a driver's own `connect`, for those who call it themselves."""
    original = getattr(holder, name)

    def connect(*arguments, **named):
        if not aludel_lead(arguments, named, place()):
            arguments = ()
        return original(*arguments, **named)

    connect.__name__ = name
    setattr(holder, name, connect)


def aludel_wrap_class(holder, place):
    """Replaces what a driver's connections begin with, whoever makes them."""
    original = holder.__init__
    names = list(inspect.signature(original).parameters)[1:]

    def __init__(connection, *arguments, **named):
        named.update(zip(names, arguments))
        aludel_lead((), named, place())
        original(connection, **named)

    holder.__init__ = __init__


def aludel_redirect():
    from sqlalchemy import event
    from sqlalchemy.engine import Engine
    from sqlalchemy.pool import Pool

    event.listen(Engine, "do_connect", aludel_on_engine_connect)
    event.listen(Pool, "connect", aludel_on_connected)
    try:
        import psycopg2

        aludel_wrap(psycopg2, "connect", ALUDEL_TARGET.libpq)
    except ImportError:
        pass
    try:
        import psycopg

        for holder in (psycopg.Connection, psycopg.AsyncConnection):
            aludel_wrap(holder, "connect", ALUDEL_TARGET.libpq)
        psycopg.connect = psycopg.Connection.connect
    except ImportError:
        pass
    try:
        import asyncpg.connection

        # Pools ask the module that it is made in.
        aludel_wrap(asyncpg.connection, "connect", ALUDEL_TARGET.asyncpg)
        asyncpg.connect = asyncpg.connection.connect
    except ImportError:
        pass
    try:
        import pg8000.core

        # All its faces (`connect`, dbapi, native) make connections of one class.
        aludel_wrap_class(getattr(pg8000.core, "CoreConnection", None) or pg8000.core.Connection, ALUDEL_TARGET.pg8000)
    except ImportError:
        pass


def aludel_close_connections():
    """Closes what the step left open; what cannot be closed from here, the server ends."""
    for reference in ALUDEL_TARGET.records:
        record = reference()
        if record is not None:
            try:
                record.invalidate()
            except BaseException:
                pass
    ALUDEL_TARGET.records = []
