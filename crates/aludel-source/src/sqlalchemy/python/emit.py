# ---- The document. ----
ALUDEL_SKIPPED_MODULES = ("sqlalchemy", "sqlmodel", "pydantic", "flask_sqlalchemy", "importlib", "dataclasses", "alembic")


def aludel_application_place():
    """The `class` or `Table(...)` line of the first frame that is the application's."""
    frame = sys._getframe(1)
    while frame is not None:
        module = frame.f_globals.get("__name__", "").split(".")[0]
        name = frame.f_code.co_filename
        if module not in ALUDEL_SKIPPED_MODULES and not name.startswith("<"):
            return {"file": os.path.abspath(name), "line": frame.f_lineno}
        frame = frame.f_back
    return None


def aludel_watch_tables(origins):
    """Notes where each Table is made."""
    from sqlalchemy import Table, event

    @event.listens_for(Table, "after_parent_attach")
    def attached(table, parent):
        place = aludel_application_place()
        if place is not None:
            origins[table] = place


def aludel_intents(every, origins):
    """Renames stated in the models: info["renamed_from"] on an object, MetaData.info["renames"] for the rest."""
    renames = []

    def add(thing, place, kind, table):
        old = (getattr(thing, "info", None) or {}).get("renamed_from")
        if old:
            new = thing.fullname if kind == "table" else thing.name
            renames.append(
                {"kind": kind, "table": table, "from": str(old), "to": str(new), "file": place.get("file"), "line": place.get("line")}
            )

    for metadata in every:
        for one in aludel_stated_renames((getattr(metadata, "info", None) or {}).get("renames") or {}):
            kind, old, new = one
            renames.append({"kind": kind, "table": None, "from": old, "to": new})
        for table in aludel_tables(metadata):
            place = origins.get(table) or {}
            name = str(table.fullname)
            add(table, place, "table", None)
            for column in table.columns:
                add(column, place, "column", name)
            for index in sorted(table.indexes, key=lambda index: str(index.name)):
                add(index, place, "index", name)
            for constraint in sorted(table.constraints, key=lambda constraint: str(constraint.name)):
                if constraint.name:
                    add(constraint, place, "constraint", name)
    return renames


def aludel_enum_maps(every):
    """What becomes of enum values that go: info={"enum_map": {"old": "new"}} on a column of the type, or
    MetaData.info["enum_map"] by type."""
    maps = []

    def add(name, stated):
        maps.extend({"type": str(name), "from": str(old), "to": str(new)} for old, new in sorted(stated.items()))

    for metadata in every:
        for name, stated in sorted(((getattr(metadata, "info", None) or {}).get("enum_map") or {}).items()):
            add(name, stated)
        for table in aludel_tables(metadata):
            for column in table.columns:
                kind = getattr(column.type, "item_type", column.type)
                if column.info.get("enum_map") and getattr(kind, "name", None):
                    schema = getattr(kind, "schema", None)
                    add("%s.%s" % (schema, kind.name) if schema else kind.name, column.info["enum_map"])
    return maps


def aludel_stated_renames(stated):
    """MetaData.info["renames"]: {"old": "new"}, {"kind:old": "new"} or ["kind:old:new"]."""
    pairs = sorted(stated.items()) if hasattr(stated, "items") else [str(one).rsplit(":", 1) for one in stated]
    for old, new in pairs:
        kind, colon, name = str(old).partition(":")
        yield (kind, name, str(new)) if colon else (None, str(old), str(new))


def aludel_statements(writer, every, warnings):
    """All statements in order: schemas, extensions, what tables call, tables, the rest of the entities, policies."""
    entities = aludel_entities(writer)
    for schema in aludel_schemas(every, writer.schemas):
        quoted = writer.dialect.identifier_preparer.quote(schema)
        writer.write("CREATE SCHEMA IF NOT EXISTS %s" % quoted, "CreateSchema")
    start = len(writer.statements)
    for metadata in every:
        aludel_generate(writer, metadata)
    tables = "\n".join(one["sql"] for one in writer.statements[start:])
    early = []
    late = []
    for rank, name, statement in entities:
        called = rank == 1 and re.search(r"(?<!\w)%s\W*\(" % re.escape(name), tables)
        (early if rank == 0 or called else late).append((rank, statement))
    writer.statements[start:start] = [statement for _, statement in early]
    writer.statements.extend(statement for rank, statement in late if rank < 5)
    for metadata in every:
        aludel_row_security(writer, metadata)
    writer.statements.extend(statement for rank, statement in late if rank >= 5)
    return aludel_without_repeats(writer.statements, warnings)


def aludel_without_repeats(statements, warnings):
    """Drops the second of two equal statements that make a type, a sequence (one object may serve several tables) or an
    index (which is worth a warning: create_all would fail)."""
    seen = set()
    result = []
    for statement in statements:
        if statement["what"] in ("CreateEnumType", "CreateSequence", "CreateDomainType", "CreateIndex"):
            if statement["sql"] in seen:
                if statement["what"] == "CreateIndex":
                    message = "table %s defines an index twice: %s" % (statement.get("table"), statement["sql"])
                    warnings.append(aludel_warning(statement, message, "remove one of the two definitions"))
                continue
            seen.add(statement["sql"])
        statement.pop("order")
        result.append(statement)
    return result


def aludel_named_constraints(table, preparer):
    """The names that the models give to constraints of a table; to all others PostgreSQL gives one."""
    names = set()
    for constraint in table.constraints:
        name = preparer.format_constraint(constraint) if constraint.name is not None else None
        if name is not None:
            name = name[1:-1].replace('""', '"') if name.startswith('"') else str(name)
            names.add(name.encode("utf-8")[:63].decode("utf-8", "ignore"))
    return sorted(names)


def aludel_warning(place, message, hint=None):
    return {"file": place.get("file"), "line": place.get("line"), "message": message, "hint": hint}


def aludel_metadata_names(every):
    """`module:name` of what the project's modules bind to each metadata, a declarative base before the metadata itself."""
    names = []
    for metadata in every:
        found = []
        for module_name in sorted(sys.modules):
            module = sys.modules[module_name]
            path = getattr(module, "__file__", None)
            if not isinstance(path, str) or not aludel_is_project_file(path):
                continue
            for name, value in list(vars(module).items()):
                own = getattr(value, "__module__", module_name) == module_name
                if isinstance(value, type) and getattr(value, "metadata", None) is metadata and not hasattr(value, "__table__"):
                    found.append((not own, 0, module_name, name))
                elif value is metadata and name != "target_metadata":
                    found.append((not own, 1, module_name, name))
        names.extend("%s:%s" % (module, name) for _, _, module, name in sorted(found)[:1])
    return names


def aludel_load(request, document):
    try:
        import sqlalchemy
    except ImportError:
        raise AludelFailure(
            "no-sqlalchemy",
            "SQLAlchemy is not installed in %s" % sys.executable,
            'install it there, or name the project\'s interpreter with python = "..." under [models]',
        )
    if request.get("connects_to"):
        ALUDEL_TARGET.point(request["connects_to"], True)
        aludel_redirect()
    version = getattr(sqlalchemy, "__version__", "0")
    document["python"]["sqlalchemy"] = version
    if tuple(int(part) for part in version.split(".")[:2] if part.isdigit()) < (1, 4):
        raise AludelFailure(
            "old-sqlalchemy",
            "SQLAlchemy %s is too old; 1.4 or newer is needed" % version,
            "upgrade it, or go on without models: sources = [] under [models]",
        )
    origins = {}
    environment = AludelEnvironment(origins)
    # Where the database is, no revision says.
    environment.has_read_revisions = bool(request.get("url"))
    aludel_watch_tables(origins)
    if request["kind"] == "env":
        typed = request.get("x", [])
        every, files = aludel_from_env(
            request["spec"], request.get("ini"), sqlalchemy.MetaData, environment, request.get("engine"), typed
        )
    else:
        every, files = aludel_from_object(request["spec"], sqlalchemy.MetaData)
    if hasattr(sqlalchemy, "orm") or "sqlalchemy.orm" in sys.modules:
        aludel_configure_mappers(sys.modules["sqlalchemy.orm"])
    if request.get("url"):
        document["url"] = environment.find_url()
        return
    if request.get("foreign_keys_apart"):
        for metadata in every:
            for table in metadata.tables.values():
                for constraint in table.foreign_key_constraints:
                    constraint.use_alter = True
    writer = AludelWriter(aludel_dialect(), origins, request.get("schemas"))
    document["set_aside"] = aludel_set_aside(writer, every)
    document["warnings"] = []
    document["statements"] = aludel_statements(writer, every, document["warnings"])
    document["renames"] = aludel_intents(every, origins)
    document["enum_maps"] = aludel_enum_maps(every)
    if environment.file is not None:
        document["environment"] = environment.document()
        document["warnings"].extend(environment.warnings(every))
        document["environment"]["metadata"] = aludel_metadata_names(every)
        registered = dict(ALUDEL_ENTITY_ORDER)
        kinds = {registered[one["what"]] for one in document["statements"] if one["what"] in registered}
        # With policies goes whether row security is enabled, which nobody can register.
        document["environment"]["entities"] = sorted(kinds - {"policy"})
    if request.get("current") is not None:
        filters = AludelFilters(environment, every, request["current"], request["default_schema"], writer.dialect)
        filters.run()
        document["left_out"] = filters.left_out
        document["types_kept"] = filters.types_kept
        document["defaults_kept"] = filters.defaults_kept
    document["module_files"] = [os.path.abspath(path) for path in files]
    document["tables"] = [
        dict(
            origins.get(table) or {},
            schema=table.schema,
            name=str(table.name),
            constraints=aludel_named_constraints(table, writer.dialect.identifier_preparer),
        )
        for metadata in every
        for table in aludel_tables(metadata)
    ]
    if not document["tables"]:
        message = "the metadata of `%s` holds no table" % request["spec"]
        hint = "name the module that imports every model, often the package's own: app.models:Base"
        document["warnings"].append(aludel_warning({}, message, hint))


def aludel_configure_mappers(orm):
    """Relationships may add tables (secondary="…") and back-references when mappers are configured. Alembic configures none,
    so classes that a revision has of its own need not come to that."""
    try:
        orm.configure_mappers()
        return
    except Exception:
        registries = getattr(sys.modules.get("sqlalchemy.orm.mapper"), "_all_registries", None)
        if registries is None:
            raise
    for registry in registries():
        try:
            registry.configure(cascade=True)
        except Exception:
            failed = [mapper.class_ for mapper in registry.mappers if hasattr(mapper, "_configure_failed")]
            # Alembic keeps the modules that it makes of revisions to itself.
            if not failed or any(one.__module__ in sys.modules for one in failed):
                raise


def aludel_main():
    request = json.loads(sys.argv[1])
    sys.argv[:] = ["aludel"]
    document = {
        "format": 1,
        "python": {"executable": sys.executable, "version": sys.version.split()[0], "prefix": sys.prefix},
    }
    ALUDEL_RECORDER.start()
    try:
        aludel_load(request, document)
    except AludelFailure as failure:
        document["error"] = failure.report
    except BaseException as error:
        failure = aludel_application_failure("the models cannot be turned into SQL", request["spec"], error)
        document["error"] = dict(failure.report, kind="compile")
    document["search_path"] = [os.path.abspath(entry or ".") for entry in sys.path]
    document["inputs"] = ALUDEL_RECORDER.document()
    aludel_write(document)
    sys.stderr.flush()
    # Threads and exit handlers of the application must not keep this process.
    os._exit(0)


aludel_main()
