# ---- Finding the metadata that `module:attribute` names, and telling why it is not to be had. ----
import difflib
import importlib
import importlib.util
import traceback


def aludel_frames(error, limit=8):
    """The last frames of the traceback, without ours and the import machinery's; the application's own is among them."""
    frames = []
    for frame in traceback.extract_tb(error.__traceback__):
        if frame.filename == "<string>" or frame.filename.startswith("<frozen"):
            continue
        if frame.filename == importlib.__file__:
            continue
        frames.append(
            {"file": frame.filename, "line": frame.lineno, "function": frame.name, "code": frame.line or ""}
        )
    if isinstance(error, SyntaxError) and error.filename:
        code = (error.text or "").strip()
        frames.append({"file": error.filename, "line": error.lineno or 0, "function": "<module>", "code": code})
    last = frames[-limit:]
    own = [frame for frame in frames if aludel_is_project_file(frame["file"])]
    if own and own[-1] not in last:
        # Deep in a library nobody sees who called it.
        last[0] = own[-1]
    return last


def aludel_hint(error, module):
    """What a person can do about an exception at import."""
    package = module.split(".")[0]
    if isinstance(error, ModuleNotFoundError) and error.name:
        missing = error.name.split(".")[0]
        if missing == package and package in sys.modules:
            return "the package `%s` is here: %s" % (package, aludel_place(sys.modules[package]))
        if missing == package:
            return (
                "Python looked for `%s` in %s; name the folder that holds it, as in "
                'sqlalchemy = "backend/%s:Base", or check the name' % (error.name, os.getcwd(), module)
            )
        return (
            "the package `%s` is not installed in %s; install it there, or name the project's interpreter "
            'with python = "..." under [models]' % (missing, sys.executable)
        )
    if isinstance(error, ImportError):
        return "a name could not be imported: a circular import, or another version of that package is installed"
    if isinstance(error, KeyError) and error.args and error.args[0] in ALUDEL_RECORDER.environment:
        return "the application demands the environment variable %s at import; set it" % error.args[0]
    if type(error).__name__ == "ValidationError" and "pydantic" in type(error).__module__:
        names = [str(item["loc"][-1]) for item in error.errors() if item.get("loc")]
        return "the application's settings are incomplete; set in the environment: %s" % ", ".join(names)
    if isinstance(error, SyntaxError):
        return "Python %s cannot read this file; is it the project's interpreter? (%s)" % (
            sys.version.split()[0],
            sys.executable,
        )
    if isinstance(error, FileNotFoundError):
        return "a file was looked for from %s" % os.getcwd()
    if isinstance(error, ConnectionError) or any(kind.__name__ == "OperationalError" for kind in type(error).__mro__):
        return (
            "the application connects to a database as soon as it is imported; start that database, or set what the "
            "application's settings take its URL from"
        )
    if isinstance(error, SystemExit):
        return "the module ends the program when it is imported; guard that with `if __name__ == \"__main__\"`"
    return None


def aludel_place(module):
    """Where a package was found."""
    return getattr(module, "__file__", None) or ", ".join(getattr(module, "__path__", [])) or repr(module)


def aludel_import(name):
    """Imports a module of the application, or fails with its own traceback."""
    try:
        return importlib.import_module(name)
    except AludelFailure:
        raise
    except BaseException as error:
        raise aludel_application_failure("module `%s` cannot be imported" % name, name, error)


def aludel_reasons(error, limit=4):
    """The exceptions that an exception was raised from, or while they were handled, as Python's own traceback tells them."""
    reasons = []
    while error is not None and len(reasons) < limit:
        error = error.__cause__ or (None if error.__suppress_context__ else error.__context__)
        if error is not None:
            reasons.append(error)
    return reasons


def aludel_said(error):
    message = str(error).strip()
    return "%s: %s" % (type(error).__name__, message) if message else type(error).__name__


def aludel_application_failure(what, module, error):
    reasons = aludel_reasons(error)
    hints = (aludel_hint(one, module) for one in [error] + reasons)
    exception = aludel_said(error)
    for reason in reasons:
        if str(reason).strip() not in exception:
            exception += "\nbehind it: " + aludel_said(reason)
    return AludelFailure(
        "import",
        what,
        next(filter(None, hints), None),
        module=module,
        exception=exception,
        frames=aludel_frames(error),
    )


def aludel_add_search_path(module):
    """Puts the folder that holds `module` on sys.path: the working folder, else the one folder below that has it."""
    sys.path[:] = [entry for entry in sys.path if entry not in ("", os.getcwd())]
    sys.path.insert(0, os.getcwd())
    package = module.split(".")[0]
    if importlib.util.find_spec(package) is not None:
        return
    holders = []
    for folder in sorted(os.listdir(os.getcwd())):
        path = os.path.join(os.getcwd(), folder)
        if folder.startswith(".") or not os.path.isdir(path):
            continue
        if os.path.isdir(os.path.join(path, package)) or os.path.isfile(os.path.join(path, package + ".py")):
            holders.append(path)
    if len(holders) == 1:
        sys.path.insert(0, holders[0])


def aludel_metadata_of(found, metadata_class):
    """The MetaData objects behind a Base class, a MetaData, a registry, a Flask extension, or a list of them."""
    if isinstance(found, metadata_class):
        return [found]
    if isinstance(found, dict):
        found = [found[key] for key in sorted(found, key=str)]
    if isinstance(found, (list, tuple, set, frozenset)):
        every = []
        for item in found:
            behind = aludel_metadata_of(item, metadata_class)
            if behind is None:
                return None
            every.extend(behind)
        return every
    many = getattr(found, "metadatas", None)
    if isinstance(many, dict) and many:
        return aludel_metadata_of(many, metadata_class)
    one = getattr(found, "metadata", None)
    return [one] if isinstance(one, metadata_class) else None


def aludel_from_object(spec, metadata_class):
    """Loads `folder/module:attribute`."""
    module_name, _, attribute = spec.partition(":")
    folder, _, module_name = module_name.rpartition("/")
    if folder:
        if not os.path.isdir(folder):
            raise AludelFailure(
                "attribute", "`%s`: there is no folder `%s` in %s" % (spec, folder, os.getcwd()), module=module_name
            )
        sys.path.insert(0, os.path.abspath(folder))
    else:
        aludel_add_search_path(module_name)
    module = aludel_import(module_name)
    found = module
    for name in (attribute or "Base").split("."):
        if not hasattr(found, name):
            raise aludel_missing_attribute(module_name, name, found, metadata_class)
        found = getattr(found, name)
    every = aludel_metadata_of(found, metadata_class)
    if every is None:
        raise AludelFailure(
            "attribute",
            "`%s` is a %s; wanted a declarative base, a MetaData or a list of them" % (spec, type(found).__name__),
            aludel_candidates(module_name, module, metadata_class),
            module=module_name,
        )
    return every, [module.__file__] if getattr(module, "__file__", None) else []


def aludel_missing_attribute(module_name, name, holder, metadata_class):
    near = difflib.get_close_matches(name, dir(holder), n=1)
    hint = "did you mean `%s`?" % near[0] if near else aludel_candidates(module_name, holder, metadata_class)
    return AludelFailure(
        "attribute", "module `%s` has no attribute `%s`" % (module_name, name), hint, module=module_name
    )


def aludel_candidates(module_name, holder, metadata_class):
    names = []
    for name in sorted(vars(holder)) if hasattr(holder, "__dict__") else []:
        value = vars(holder)[name]
        if isinstance(value, metadata_class) or (
            isinstance(value, type) and isinstance(getattr(value, "metadata", None), metadata_class)
        ):
            names.append("%s:%s" % (module_name, name))
    return "it has these: %s" % ", ".join(names[:6]) if names else None
