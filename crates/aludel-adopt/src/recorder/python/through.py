# ---- An application's own command that runs Alembic: it goes as far as Alembic, and the walk goes on from there. ----
import runpy
import shlex


def aludel_through(command, take):
    """Runs the command in this process. Where it enters Alembic's environment, or runs migrations without one, with all
    that it has prepared for that, `take` gets the configuration, and what runs instead of an env.py; it does not return."""
    from alembic.runtime.environment import EnvironmentContext
    from alembic.runtime.migration import MigrationContext

    enter = EnvironmentContext.__enter__
    run = MigrationContext.run_migrations
    taken = []

    def entered(environment):
        if not taken:
            taken.append(environment)
            ALUDEL_PROGRAMS.is_watching = False
            take(environment.config, None)
        return enter(environment)

    def ran(context, **named):
        environment = context.environment_context
        if not taken and environment is not None and context.connection is not None:
            taken.append(environment)
            ALUDEL_PROGRAMS.is_watching = False
            take(environment.config, AludelWithoutEnv(context, named))
        return run(context, **named)

    EnvironmentContext.__enter__ = entered
    MigrationContext.run_migrations = ran
    outcome = None
    words = aludel_words(command)
    ALUDEL_PROGRAMS.watch()
    try:
        aludel_run_command(words)
    except SystemExit as error:
        outcome = error.code
    except BaseException:
        aludel_tell_refused(command)
        raise
    # The application may have caught it.
    aludel_tell_refused(command)
    said = "" if outcome is None or isinstance(outcome, int) else "\n%s" % outcome
    code = outcome if isinstance(outcome, int) else int(bool(outcome))
    raise AludelFailure(
        "through",
        "`%s` ended with %d before it came to Alembic%s%s" % (command, code, said, ALUDEL_OUTPUT.last_errors()),
        "name the command that upgrades an empty database, with its arguments",
    )


class AludelWithoutEnv:
    """What an application does that has no env.py (Flask-Alembic): it configures a context and runs migrations in it."""

    def __init__(self, context, named):
        self.environment = context.environment_context
        self.options = context.opts
        self.engine = context.connection.engine
        self.named = named

    def run(self, steps, look):
        """Does it again, in a context of its own, with other steps."""
        from alembic.operations import Operations
        from alembic.runtime.migration import MigrationContext

        with self.engine.connect() as connection:
            context = MigrationContext.configure(
                connection=connection, environment_context=self.environment, opts=dict(self.options, fn=steps)
            )
            look(context)
            with context.begin_transaction(), Operations.context(context):
                context.run_migrations(**self.named)


def aludel_words(command):
    try:
        words = shlex.split(command)
    except ValueError as error:
        raise AludelFailure("through", "`%s` is no command: %s" % (command, error), "quote it as in a shell")
    if not words:
        raise AludelFailure(
            "through", "--through names no command", 'for example: aludel adopt --through "shopctl db upgrade"'
        )
    return words


def aludel_run_command(words):
    """What a shell would do with a program of Python's, but in this process."""
    program, arguments = words[0], words[1:]
    if re.match(r"python[0-9.]*$", os.path.basename(program)) and arguments:
        flag = arguments[0]
        if flag.startswith("-") and (flag not in ("-m", "-c") or not arguments[1:]):
            raise AludelFailure(
                "through",
                "`%s %s` is not understood: behind python stands a program, -m MODULE or -c TEXT" % (program, flag),
                "leave Python's own options away; the environment can say them too, as in PYTHONWARNINGS=ignore",
            )
        if flag == "-m":
            sys.argv = arguments[1:]
            sys.path.insert(0, os.getcwd())
            runpy.run_module(arguments[1], run_name="__main__", alter_sys=True)
            return
        if flag == "-c":
            sys.argv = ["-c"] + arguments[2:]
            sys.path.insert(0, os.getcwd())
            exec(compile(arguments[1], "<string>", "exec"), {"__name__": "__main__"})
            return
        path, arguments = flag, arguments[1:]
        if not os.path.exists(path):
            raise AludelFailure("through", "there is no program `%s`" % path, "paths are those from %s" % os.getcwd())
    else:
        path = aludel_program(program)
    sys.argv = [path] + arguments
    sys.path.insert(0, os.path.dirname(os.path.abspath(path)))
    runpy.run_path(path, run_name="__main__")


# ---- Other programs: in one of them nothing would lead Alembic to the scratch database, so none is started. ----

# What Python's own modules (ctypes.util, platform, uuid) and applications ask about the machine and the checkout.
ALUDEL_HARMLESS = "ldconfig ld gcc cc objdump uname hostname lscpu file ifconfig ip arp netstat lsb_release git".split()
ALUDEL_STARTS = {
    "subprocess.Popen": lambda executable, words, *_: [executable, words],
    "os.posix_spawn": lambda path, words, *_: [path, words],
    "os.exec": lambda path, words, *_: [path, words],
    "os.spawn": lambda mode, path, words, *_: [path, words],
    "os.system": lambda command: [command, None],
    "pty.spawn": lambda words: [None, words],
    "os.fork": lambda: ["a copy of itself", None],
    "os.forkpty": lambda: ["a copy of itself", None],
}


class AludelPrograms:
    """Refuses to start other programs, as long as it is watching."""

    def __init__(self):
        self.is_watching = False
        self.refused = None

    def watch(self):
        import _posixsubprocess

        self.is_watching = True
        sys.addaudithook(self.audit)
        # multiprocessing starts its interpreters by this, which tells no hook.
        start = _posixsubprocess.fork_exec

        def started(words, executables, *more):
            if not any("multiprocessing.resource_tracker" in aludel_text(word) for word in words):
                self.judge(executables[0], words)
            return start(words, executables, *more)

        _posixsubprocess.fork_exec = started

    def audit(self, event, arguments):
        if self.is_watching and event in ALUDEL_STARTS:
            self.judge(*ALUDEL_STARTS[event](*arguments))

    def judge(self, program, words):
        if not self.is_watching:
            return
        words = [words] if isinstance(words, (str, bytes, os.PathLike)) else list(words or ())
        words = [aludel_text(word) for word in words]
        name = aludel_text(program) if program else words[0]
        if os.path.basename(name) in ALUDEL_HARMLESS:
            return
        self.refused = self.refused or " ".join(words) or name
        # As if the system did not allow it: applications go on without what they can do without.
        raise PermissionError("Aludel starts no other program here: %s" % (" ".join(words) or name))


ALUDEL_PROGRAMS = AludelPrograms()


def aludel_text(word):
    return os.fsdecode(word) if isinstance(word, (str, bytes, os.PathLike)) else str(word)


def aludel_tell_refused(command):
    if ALUDEL_PROGRAMS.refused is not None:
        raise AludelFailure(
            "through",
            "`%s` starts another program, where nothing leads to scratch: %s%s"
            % (command, ALUDEL_PROGRAMS.refused[:300], ALUDEL_OUTPUT.last_errors()),
            "name the Python program that it runs in the end",
        )


def aludel_program(name):
    """The file of a program: one of this Python's environment goes first."""
    import shutil

    folders = [os.path.dirname(sys.executable), os.environ.get("PATH", os.defpath)]
    path = name if os.path.isfile(name) else shutil.which(name, path=os.pathsep.join(folders))
    if path is None:
        raise AludelFailure("through", "there is no program `%s`" % name, "--python names the project's interpreter")
    with open(path, "rb") as text:
        first, second = text.readline(), text.readline()
    # An interpreter with a long path stands on the second line, which is one of a shell's and a string of Python's.
    shown = second if second.startswith(b"'''exec' ") else first
    if not path.endswith(".py") and (not first.startswith(b"#!") or b"python" not in shown):
        raise AludelFailure(
            "through", "%s is no program of Python's" % path, "name the Python program that it runs in the end"
        )
    return path
