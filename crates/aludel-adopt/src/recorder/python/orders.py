# ---- The orders, one after the other. ----


def aludel_answer(answer):
    global ALUDEL_WATCH
    ALUDEL_WATCH.cancel()
    answer["printed"] = ALUDEL_OUTPUT.printed()
    ALUDEL_ANSWERS.write("\x1e" + json.dumps(answer) + "\n")
    ALUDEL_ANSWERS.flush()


def aludel_tried(do, argument):
    try:
        return do(argument)
    except BaseException as error:
        return {"error": aludel_report(error)}


def aludel_begin(order):
    versions = aludel_versions()
    aludel_redirect()
    aludel_make_version_schema()
    aludel_name_revision_files()
    ALUDEL_TARGET.point(order["where"], True)

    def load(prepared):
        return dict(versions, **aludel_load(*prepared))

    if ALUDEL_REQUEST["through"] is None:
        return load((None, None))

    def take(config, without_env):
        aludel_answer(aludel_tried(load, (config, without_env)))
        aludel_serve()

    aludel_offer_url(aludel_drivers(None, None)[0])
    aludel_through(ALUDEL_REQUEST["through"], take)


def aludel_load(config, without_env):
    global ALUDEL_PROJECT
    ALUDEL_PROJECT = AludelProject(ALUDEL_REQUEST, config, without_env)
    try:
        # env.py goes first: it may say where the revisions are.
        idle = ALUDEL_PROJECT.load()
        version = ALUDEL_PROJECT.version_table()
    finally:
        aludel_close_connections()
    return dict(ALUDEL_PROJECT.places(), version=version, revisions=ALUDEL_PROJECT.revisions(), idle=idle)


def aludel_step(order):
    return aludel_run(order, lambda: ALUDEL_PROJECT.step(order["revision"], order["direction"], order["memo"]))


def aludel_upgrade(order):
    def began(revision):
        """Each revision has its own time."""
        global ALUDEL_WATCH
        ALUDEL_WATCH.cancel()
        ALUDEL_ANSWERS.write("\x1d%s\n" % revision)
        ALUDEL_ANSWERS.flush()
        ALUDEL_WATCH = aludel_watch(order["limit"])

    return aludel_run(order, lambda: ALUDEL_PROJECT.upgrade(order["targets"], began))


def aludel_run(order, run):
    ALUDEL_TARGET.point(order["where"], False)
    try:
        run()
        answer = {"version": ALUDEL_PROJECT.version_table(), "memo": aludel_memo(ALUDEL_PROJECT.context)}
    except BaseException as error:
        answer = {"error": aludel_report(error)}
    finally:
        aludel_close_connections()
    answer["asked"] = ALUDEL_TARGET.asked
    answer["refused"] = ALUDEL_TARGET.refused
    answer["engines"] = ALUDEL_TARGET.engines
    return answer


def aludel_serve():
    """Does what it is told until there are no more orders; then all ends here, wherever that is."""
    global ALUDEL_WATCH
    doing = {"begin": aludel_begin, "step": aludel_step, "upgrade": aludel_upgrade}
    for line in ALUDEL_ORDERS:
        order = json.loads(line)
        ALUDEL_WATCH = aludel_watch(order["limit"])
        aludel_answer(aludel_tried(doing[order["do"]], order))
    # Threads and exit handlers of the application have nothing left to do.
    ALUDEL_EXIT(0)


ALUDEL_OUTPUT = AludelOutput(ALUDEL_REQUEST["output"])
ALUDEL_EXIT = aludel_tell_exit()
faulthandler.enable(2, all_threads=False)
aludel_serve()
