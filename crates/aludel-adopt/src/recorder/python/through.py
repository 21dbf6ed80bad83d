# ---- An application's own command that runs Alembic: it goes as far as Alembic, and the walk goes on from there. ----
import runpy
import shlex


def aludel_through(command, take):
    """Runs the command in this process. Where it enters Alembic's environment, with all that it has prepared for that,
    `take` gets the configuration and does not return."""
    from alembic.runtime.environment import EnvironmentContext

    enter = EnvironmentContext.__enter__
    taken = []

    def entered(environment):
        if not taken:
            taken.append(environment)
            take(environment.config)
        return enter(environment)

    EnvironmentContext.__enter__ = entered
    outcome = None
    try:
        aludel_run_command(shlex.split(command))
    except SystemExit as error:
        outcome = error.code
    said = "" if outcome is None or isinstance(outcome, int) else "\n%s" % outcome
    code = outcome if isinstance(outcome, int) else int(bool(outcome))
    raise AludelFailure(
        "through",
        "`%s` ended with %d before it came to Alembic%s%s" % (command, code, said, ALUDEL_OUTPUT.last_errors()),
        "name the command that upgrades an empty database, with its arguments",
    )


def aludel_run_command(words):
    """What a shell would do with a program of Python's, but in this process."""
    program, arguments = words[0], words[1:]
    if re.match(r"python[0-9.]*$", os.path.basename(program)) and arguments:
        if arguments[0] == "-m":
            sys.argv = arguments[1:]
            sys.path.insert(0, os.getcwd())
            runpy.run_module(arguments[1], run_name="__main__", alter_sys=True)
            return
        if arguments[0] == "-c":
            sys.argv = ["-c"] + arguments[2:]
            sys.path.insert(0, os.getcwd())
            exec(compile(arguments[1], "<string>", "exec"), {"__name__": "__main__"})
            return
        path, arguments = arguments[0], arguments[1:]
    else:
        path = aludel_program(program)
    sys.argv = [path] + arguments
    sys.path.insert(0, os.path.dirname(os.path.abspath(path)))
    runpy.run_path(path, run_name="__main__")


def aludel_program(name):
    """The file of a program: one of this Python's environment goes first."""
    import shutil

    folders = [os.path.dirname(sys.executable), os.environ.get("PATH", os.defpath)]
    path = name if os.path.isfile(name) else shutil.which(name, path=os.pathsep.join(folders))
    if path is None:
        raise AludelFailure("through", "there is no program `%s`" % name, "--python names the project's interpreter")
    with open(path, "rb") as text:
        head = text.read(400)
    if not path.endswith(".py") and (not head.startswith(b"#!") or b"python" not in head):
        raise AludelFailure(
            "through", "%s is no program of Python's" % path, "name the Python program that it runs in the end"
        )
    return path
