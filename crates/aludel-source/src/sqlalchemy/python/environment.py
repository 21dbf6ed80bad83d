# ---- An Alembic env.py, run against a stub of `alembic.context`; what it tells `context.configure`, with the lines. ----
import ast


class AludelNothing:
    """Stands in for results and transactions: every method answers with nothing."""

    def __enter__(self):
        return self

    def __exit__(self, *_):
        return False

    def __iter__(self):
        return iter(())

    def __getattr__(self, _):
        return lambda *arguments, **named: None


class AludelConfig:
    """As much of alembic.config.Config as an env.py asks for, for projects whose Python lacks Alembic."""

    def __init__(self, ini):
        import configparser

        self.config_file_name = ini
        self.config_ini_section = "alembic"
        self.cmd_opts = None
        self.attributes = {}
        here = os.path.dirname(os.path.abspath(ini)) if ini else os.getcwd()
        self.file_config = configparser.ConfigParser({"here": here})
        if ini and ini.endswith(".ini"):
            self.file_config.read([ini], encoding="utf-8")
        if not self.file_config.has_section("alembic"):
            self.file_config.add_section("alembic")

    def get_main_option(self, name, default=None):
        return self.get_section_option("alembic", name, default)

    def get_section_option(self, section, name, default=None):
        return self.file_config.get(section, name, fallback=default)

    def set_main_option(self, name, value):
        self.file_config.set("alembic", name, value)

    def set_section_option(self, section, name, value):
        if not self.file_config.has_section(section):
            self.file_config.add_section(section)
        self.file_config.set(section, name, value)

    def get_section(self, name, default=None):
        return dict(self.file_config.items(name)) if self.file_config.has_section(name) else default


def aludel_alembic_config(ini, env):
    try:
        from alembic.config import Config
    except ImportError:
        return AludelConfig(ini)
    # Alembic before 1.16 knows no pyproject.toml; then env.py gets a configuration without options.
    knows_toml = hasattr(Config, "get_alembic_boolean_option")
    if ini and ini.endswith(".toml"):
        config = Config(toml_file=ini) if knows_toml else Config()
    elif ini and knows_toml:
        config = Config(ini, toml_file=os.path.join(os.path.dirname(ini), "pyproject.toml"))
    else:
        config = Config(ini) if ini else Config()
    if config.config_file_name is None or not config.get_main_option("script_location"):
        config.set_main_option("script_location", os.path.dirname(env).replace("%", "%%"))
    return config


def aludel_stub_context(config, configured, environment, typed):
    """A stand-in for `alembic.context` that says "offline" and remembers what `configure` was given; `typed` are the `-x`."""
    import argparse
    import types

    if typed:
        config.cmd_opts = argparse.Namespace(x=typed)
    pairs = dict(argument.partition("=")[::2] for argument in typed)

    context = types.ModuleType("alembic.context")
    context.config = config
    context.configure = lambda *arguments, **named: configured.append(named)
    context.is_offline_mode = lambda: True
    context.begin_transaction = lambda *arguments: AludelNothing()

    def run_migrations(**named):
        aludel_load_revisions(config, environment)
        if configured:
            configured[-1].update(named)

    context.run_migrations = run_migrations
    context.execute = lambda *arguments, **named: None
    context.get_x_argument = lambda as_dictionary=False: dict(pairs) if as_dictionary else list(typed)
    context.get_tag_argument = lambda: None
    context.get_head_revision = context.get_starting_revision_argument = lambda: None
    context.get_head_revisions = lambda: ()
    context.get_revision_argument = lambda: "head"
    context.get_bind = context.get_context = lambda: AludelNothing()
    context.script = AludelNothing()
    try:
        alembic = importlib.import_module("alembic")
    except ImportError:
        alembic = types.ModuleType("alembic")
        alembic.__path__ = []
        sys.modules["alembic"] = alembic
    sys.modules["alembic.context"] = context
    alembic.context = context
    return context


def aludel_load_revisions(config, environment):
    """Has Alembic read its revisions, where they still are: what they import may be all that knows of some tables, and
    when Alembic compares, it has read them."""
    if environment.has_read_revisions:
        return
    environment.has_read_revisions = True
    try:
        from alembic.script import ScriptDirectory
    except ImportError:
        return
    before = set(environment.origins)
    attached = []
    files = set()
    aludel_watch_parts(attached)
    try:
        # What stands in them outside of functions runs, but nothing of it connects.
        with aludel_drivers_that_refuse():
            for revision in ScriptDirectory.from_config(config).walk_revisions():
                files.add(os.path.abspath(revision.path))
    except AludelConnectionAsked as error:
        environment.unread_revisions = str(error)
    except Exception as error:
        environment.unread_revisions = "%s: %s" % (type(error).__name__, str(error).strip())
    environment.tables_of_revisions = [table for table in environment.origins if table not in before]
    for thing, table, file in attached:
        if file in files:
            # `CheckConstraint(Model.column > 0)` in a revision joins the model's table.
            table.constraints.discard(thing)
            table.indexes.discard(thing)


def aludel_watch_parts(attached):
    """Notes each constraint and index that joins a table, with the file that makes it."""
    from sqlalchemy import Index, Table, event
    from sqlalchemy.schema import Constraint

    def note(thing, table):
        place = aludel_application_place()
        if isinstance(table, Table) and place is not None:
            attached.append((thing, table, place["file"]))

    for kind in (Constraint, Index):
        event.listen(kind, "after_parent_attach", note)


def aludel_prepend_sys_path(config):
    """Does what `alembic` does with prepend_sys_path (its default there is nothing, in its templates `.`)."""
    value = None
    if hasattr(config, "get_prepend_sys_paths_list"):
        value = config.get_prepend_sys_paths_list()
    else:
        text = config.get_main_option("prepend_sys_path")
        value = text.replace(",", " ").replace(os.pathsep, " ").split() if text else None
    sys.path[:] = [entry for entry in sys.path if entry]
    sys.path[:0] = [os.path.abspath(entry) for entry in value or []]
    # Behind everything else, so that a package's own folder hides none of Python's modules.
    sys.path.append(os.getcwd())


def aludel_flask_application(text):
    """Flask-Migrate's env.py asks for `current_app`: the application is made as `flask` makes it, and its context entered."""
    if "current_app" not in text:
        return
    try:
        from flask.cli import ScriptInfo, load_dotenv
    except ImportError:
        return
    load_dotenv()
    ScriptInfo(app_import_path=os.environ.get("FLASK_APP")).load_app().app_context().push()


def aludel_of_engine(configured, engine):
    """What was configured for one of an environment's databases, told by `run_migrations(engine_name=…)`."""
    if engine is None:
        return configured
    own = [named for named in configured if named.get("engine_name") == engine]
    if not own:
        known = [named["engine_name"] for named in configured if named.get("engine_name")]
        hint = "it knows these: %s" % ", ".join(sorted(known)) if known else "it gives no `engine_name` to run_migrations"
        raise AludelFailure("attribute", "env.py configures no database `%s`" % engine, hint, module="env.py")
    return own


def aludel_from_env(env, ini, metadata_class, environment, engine=None, typed=()):
    """Runs env.py as `alembic upgrade --sql` would and takes its `target_metadata`; nothing connects."""
    env = os.path.abspath(env)
    ini = os.path.abspath(ini) if ini else None
    if ini and os.path.dirname(ini) != os.path.dirname(env):
        # Flask-Migrate's settings stand beside env.py, and its commands are typed in the folder above.
        os.chdir(os.path.dirname(ini))
    config = aludel_alembic_config(ini, env)
    aludel_prepend_sys_path(config)
    configured = []
    context = aludel_stub_context(config, configured, environment, typed)
    sys.path.append(os.path.dirname(env))
    names = {"__name__": "env_py", "__file__": env, "__builtins__": __builtins__}
    failure = None
    with open(env, "rb") as source:
        text = source.read()
    try:
        aludel_flask_application(text.decode("utf-8", "replace"))
        exec(compile(text, env, "exec"), names)
    except BaseException as error:
        failure = error
    # An env.py that refuses to run offline has told its metadata all the same.
    aludel_load_revisions(config, environment)
    if engine is None or failure is None:
        configured = aludel_of_engine(configured, engine)
    environment.read(env, text, names, configured, context)
    # An environment of several databases configures each in its turn.
    found = [named["target_metadata"] for named in configured if named.get("target_metadata") is not None]
    if not found and environment.values.get("target_metadata") is not None:
        found = [environment.values["target_metadata"]]
    if not found and names.get("target_metadata") is not None:
        found = [names["target_metadata"]]
    if not found and failure is not None:
        raise aludel_application_failure("`%s` cannot be run" % env, "env.py", failure)
    environment.find_url = lambda: aludel_environment_url(environment, config, names)
    every = []
    for metadata in aludel_metadata_of(found, metadata_class) or []:
        if not any(metadata is known for known in every):
            every.append(metadata)
    if not every:
        raise AludelFailure(
            "no-metadata",
            "`%s` sets no target_metadata" % env,
            'name the models themselves, as in sqlalchemy = "app.models:Base"',
            module="env.py",
        )
    return every, []
