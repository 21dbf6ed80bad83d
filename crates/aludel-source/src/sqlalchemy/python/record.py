# Aludel's reader of SQLAlchemy models. It runs in the project's own Python (3.8 or newer), imports nothing that the
# project does not have, connects to nothing, and writes one JSON document. The parts (record, find, ddl, emit) are
# joined into one script by `script.rs`; this first one watches what the application reads while it is imported.
#
# Standard output belongs to the document: whatever the application prints goes to standard error instead.
import sys

# A folder of the project's may be called like a module of Python's (`types/`): it is looked into when these are loaded.
sys.path[:] = [entry for entry in sys.path if entry]

import importlib.util  # noqa: E402
import json  # noqa: E402
import os  # noqa: E402

ALUDEL_OUT = os.dup(1)
os.dup2(2, 1)

import sysconfig  # noqa: E402

ALUDEL_LIBRARIES = tuple(
    sorted(
        {
            os.path.join(os.path.realpath(sysconfig.get_paths()[name]), "")
            for name in ("stdlib", "platstdlib", "purelib", "platlib")
            if sysconfig.get_paths().get(name)
        }
        | {os.path.join(sys.base_prefix, ""), os.path.join(sys.prefix, "lib", "")}
    )
)


class AludelFailure(Exception):
    """An error that is reported with its kind, a message and a hint, not as a traceback of ours."""

    def __init__(self, kind, message, hint=None, **more):
        super().__init__(message)
        self.report = dict(more, kind=kind, message=message, hint=hint)


def aludel_is_project_file(path):
    """True for files that are neither Python's own nor an installed package's."""
    return not os.path.realpath(path).startswith(ALUDEL_LIBRARIES)


class AludelRecorder:
    """What the result depends on: files and folders read, environment variables looked at."""

    def __init__(self):
        self.files = set()
        self.folders = set()
        # The variables that were asked for by name, and whether all of them were looked through.
        self.environment = set()
        self.iterates = False

    def audit(self, event, arguments):
        if event not in ("open", "os.listdir", "os.scandir"):
            return
        path = arguments[0] if arguments else "."
        if isinstance(path, os.PathLike):
            path = os.fspath(path)
        if not isinstance(path, str):
            return
        if event != "open":
            self.folders.add(os.path.abspath(path))
        elif self.reads(arguments):
            self.files.add(os.path.abspath(self.source(path)))

    @staticmethod
    def source(path):
        """The file that bytecode was made of: a loader that uses no `sys.modules` (Alembic's) opens nothing else."""
        if path.endswith(".pyc"):
            try:
                return importlib.util.source_from_cache(path)
            except ValueError:
                pass
        return path

    @staticmethod
    def reads(arguments):
        flags = arguments[2] if len(arguments) > 2 else 0
        return not (isinstance(flags, int) and flags & (os.O_WRONLY | os.O_RDWR))

    def start(self):
        if hasattr(sys, "addaudithook"):
            sys.addaudithook(self.audit)
        recorder = self

        class RecordingEnviron(type(os.environ)):
            # The name that an iteration is at: its value belongs to the iteration (`dict(os.environ)`, `items()`).
            passing = None

            def __iter__(self):
                recorder.iterates = True
                for key in super().__iter__():
                    self.passing = key
                    yield key
                self.passing = None

            def __getitem__(self, key):
                if key != self.passing:
                    recorder.environment.add(key)
                return super().__getitem__(key)

            def __contains__(self, key):
                recorder.environment.add(key)
                return super().__contains__(key)

        os.environ.__class__ = RecordingEnviron

    def document(self):
        """The inputs: project files and folders by path, files of installed packages apart."""
        project = set()
        packages = set()
        for module in list(sys.modules.values()):
            path = getattr(module, "__file__", None)
            if isinstance(path, str) and path.endswith((".py", ".so")):
                (project if aludel_is_project_file(path) else packages).add(os.path.abspath(path))
        project.update(path for path in self.files if os.path.isfile(path) and aludel_is_project_file(path))
        stdlib = os.path.join(os.path.realpath(sysconfig.get_paths()["stdlib"]), "")
        packages = {
            path
            for path in packages
            if "-packages" in path or not os.path.realpath(path).startswith(stdlib)
        }
        folders = {path for path in self.folders if os.path.isdir(path) and aludel_is_project_file(path)}
        return {
            "files": sorted(path for path in project if not path.startswith(("/proc/", "/sys/", "/dev/"))),
            "packages": sorted(packages),
            "folders": sorted(folders),
            "environment": sorted(name for name in self.environment if isinstance(name, str)),
            "iterates_environment": self.iterates,
        }


ALUDEL_RECORDER = AludelRecorder()


def aludel_write(document):
    """Writes the document behind a marker line, so that a wrapper's own prints before it do no harm."""
    with os.fdopen(ALUDEL_OUT, "wb") as out:
        out.write(b"\n\x1ealudel-models\n")
        out.write(json.dumps(document, sort_keys=True).encode("utf-8"))
