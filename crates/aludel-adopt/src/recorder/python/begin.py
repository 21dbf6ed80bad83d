# Aludel's runner of an Alembic history. It runs in the project's own Python (3.7 or newer) and folder, imports nothing
# that the project does not have, and runs one revision at a time on the database it is told to use. What reaches the
# server is read from the server's own log, so nothing here looks at SQL.
#
# Orders come as lines of JSON on standard input; answers go to standard output behind a mark, one line each. What the
# project prints goes to files instead. The parts (begin, redirect, alembic, through, orders) are joined by `mod.rs`.
import sys

if sys.version_info < (3, 7):
    sys.stdout.write(
        '\x1e{"error": {"kind": "old-python", "message": "Python %s is too old; adopting needs 3.7 or newer", "hint": '
        '"name the project\'s own interpreter: aludel adopt --python .venv/bin/python"}}\n' % sys.version.split()[0]
    )
    sys.exit(0)

# A folder of the project's may be called like a module of Python's (`types/`): it is looked into when these are loaded.
sys.path[:] = [entry for entry in sys.path if entry]

import faulthandler  # noqa: E402
import json  # noqa: E402
import os  # noqa: E402
import re  # noqa: E402
import threading  # noqa: E402
import traceback  # noqa: E402

ALUDEL_ORDERS = os.fdopen(os.dup(0), "r", encoding="utf-8")
ALUDEL_ANSWERS = os.fdopen(os.dup(1), "w", encoding="utf-8")
ALUDEL_REQUEST = json.loads(sys.argv[1])
ALUDEL_MARK = "aludel: the revision begins"


class AludelFailure(Exception):
    """An error that is reported with its kind, a message and a hint, not as a traceback of ours."""

    def __init__(self, kind, message, hint=None):
        super().__init__(message)
        self.report = {"kind": kind, "message": message, "hint": hint}


class AludelOutput:
    """Takes over standard input, output and error, so that what a revision prints is told apart."""

    def __init__(self, folder):
        os.dup2(os.open(os.devnull, os.O_RDONLY), 0)
        self.path = os.path.join(folder, "stdout")
        flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND
        os.dup2(os.open(self.path, flags, 0o600), 1)
        self.errors = os.path.join(folder, "stderr")
        os.dup2(os.open(self.errors, flags, 0o600), 2)
        self.read = 0

    def printed(self):
        """What was printed since the last call."""
        for stream in (sys.stdout, sys.stderr):
            try:
                stream.flush()
            except Exception:
                pass
        with open(self.path, "rb") as output:
            output.seek(self.read)
            found = output.read()
        self.read += len(found)
        return found.decode("utf-8", "replace")[:4000]

    def last_errors(self):
        """The last lines of what was said as an error, each behind a line break."""
        sys.stderr.flush()
        with open(self.errors, encoding="utf-8", errors="replace") as output:
            lines = output.read().splitlines()
        return "".join("\n" + line for line in lines[-6:])


def aludel_tell_exit():
    """Writes down where this process is ended for good."""
    exit_now, process = os._exit, os.getpid()

    def told(status):
        if os.getpid() == process:
            with open(os.path.join(ALUDEL_REQUEST["output"], "ended"), "w", encoding="utf-8") as output:
                json.dump(aludel_chosen(traceback.extract_stack(sys._getframe(1))), output)
        exit_now(status)

    os._exit = told
    return exit_now


# Libraries, and all of Python's own.
ALUDEL_LIBRARIES = "alembic sqlalchemy flask click psycopg psycopg2 asyncpg pg8000".split()
ALUDEL_PYTHONS = os.path.dirname(os.__file__).replace(os.sep, "/") + "/"


def aludel_chosen(stack, limit=8, others=2):
    """The last frames of the project's own code, without ours and those of Alembic, SQLAlchemy, the drivers and Python's own;
    of a stack that is theirs alone, the last of all."""
    frames = []
    strangers = []
    for frame in stack:
        path = frame.filename.replace(os.sep, "/")
        strange = path == "<string>" or path.startswith("<frozen")
        library = any("/site-packages/%s/" % name in path for name in ALUDEL_LIBRARIES)
        pythons = path.startswith(ALUDEL_PYTHONS) and "-packages/" not in path
        chosen = strangers if strange or library or pythons else frames
        chosen.append(
            {"file": frame.filename, "line": frame.lineno or 0, "function": frame.name, "code": frame.line or ""}
        )
    return frames[-limit:] or strangers[len(strangers) - others :]


def aludel_frames(error):
    """Where an exception comes from."""
    stack = traceback.extract_tb(error.__traceback__)
    if isinstance(error, SyntaxError) and error.filename:
        frames = aludel_chosen(stack, others=0)
        frames.append(
            {
                "file": error.filename,
                "line": error.lineno or 0,
                "function": "<module>",
                "code": (error.text or "").strip(),
            }
        )
        return frames
    read = getattr(error, "aludel_file", None)
    if read is not None and not any(frame.filename == read for frame in stack):
        return aludel_chosen(stack, others=0) + [{"file": read, "line": 1, "function": "<module>", "code": ""}]
    return aludel_chosen(stack)


def aludel_watch(seconds):
    """Writes down where this thread is shortly before its time is over."""
    watched = threading.get_ident()

    def write():
        frame = sys._current_frames().get(watched)
        with open(os.path.join(ALUDEL_REQUEST["output"], "stuck"), "w", encoding="utf-8") as output:
            json.dump(aludel_chosen(traceback.extract_stack(frame)), output)

    timer = threading.Timer(seconds * 0.9, write)
    timer.daemon = True
    timer.start()
    return timer


def aludel_report(error):
    """An exception as the answer carries it; of a database error the server's own words and the statement."""
    if isinstance(error, AludelFailure):
        return dict(error.report, frames=[])
    original = getattr(error, "orig", None)
    statement = getattr(error, "statement", None)
    told = original if isinstance(original, BaseException) else error
    # Where an object lay in memory says nothing, and would be another in every file.
    message = re.sub(r" at 0x[0-9a-f]+", "", str(told).strip())
    message = re.sub(r"\n\(Background on this error at: [^)]*\)", "", message)
    if "canceling statement due to lock timeout" in message:
        message += "\nit waits for a lock that another connection of the same process holds"
    if isinstance(error, SystemExit):
        # Who ends the process has said why before.
        message += ALUDEL_OUTPUT.last_errors() + "".join("\n" + line for line in ALUDEL_OUTPUT.printed().splitlines()[-6:])
    name = type(told).__name__
    message = "%s: %s" % (name, message) if message else name
    reasons = aludel_reasons(error)
    for reason in reasons:
        words = str(getattr(reason, "orig", None) or reason).strip()
        if words not in message:
            message += "\nbehind it: %s: %s" % (type(reason).__name__, words)
    return {
        "kind": "database" if original is not None else "python",
        "message": message,
        "statement": statement if isinstance(statement, str) else None,
        "hint": next(filter(None, map(aludel_hint, [error] + reasons)), None),
        "frames": aludel_frames(error),
    }


def aludel_reasons(error, limit=4):
    """The exceptions that an exception was raised from, or while they were handled, as Python's own traceback tells them."""
    reasons = []
    while error is not None and len(reasons) < limit:
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        if error is not None and not isinstance(error, AludelFailure):
            reasons.append(error)
    return reasons


def aludel_hint(error):
    if isinstance(error, ModuleNotFoundError) and error.name:
        package = error.name.split(".")[0]
        if package in sys.modules:
            return "the package `%s` in %s is another release than the one that is wanted: pip install what the project pins" % (
                package,
                sys.executable,
            )
        return "the package `%s` is not installed in %s; name the project's interpreter with --python" % (
            package,
            sys.executable,
        )
    is_loading = not ALUDEL_TARGET.is_within
    if isinstance(error, SystemExit) and is_loading or "'Config' object has no attribute" in str(error):
        return (
            "where the application's own command runs Alembic, name that, as for an empty database: "
            'aludel adopt --through "shopctl db upgrade"'
        )
    if type(error).__module__ == "configparser" and "Interpolation" in type(error).__name__:
        return "in %s a %% is written %%%%" % os.path.basename(ALUDEL_REQUEST["settings"] or "alembic.ini")
    if isinstance(error, KeyError) and error.args and str(error.args[0]).isupper():
        return "the project demands the environment variable %s; set it" % error.args[0]
    if type(error).__name__ == "NoAppException":
        return "name the Flask application: FLASK_APP=package.module aludel adopt"
    if type(error).__name__ == "ValidationError" and "pydantic" in type(error).__module__:
        names = [str(item["loc"][-1]) for item in error.errors() if item.get("loc")]
        return "the project's settings are incomplete; set in the environment: %s" % ", ".join(names)
    return aludel_hint_of_env(error)


def aludel_hint_of_env(error):
    """What an env.py that stops by itself may miss."""
    env = ALUDEL_REQUEST["env"]
    frames = aludel_frames(error)
    if not env or ALUDEL_REQUEST["x"] or not frames or os.path.abspath(frames[-1]["file"]) != os.path.abspath(env):
        return None
    with open(env, encoding="utf-8") as text:
        asks = "get_x_argument" in text.read()
    return "env.py asks for -x arguments; give them as to Alembic: aludel adopt -x NAME=VALUE" if asks else None
