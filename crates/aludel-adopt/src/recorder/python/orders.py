# ---- The orders, one after the other. ----


def aludel_answer(document):
    ALUDEL_ANSWERS.write("\x1e" + json.dumps(document) + "\n")
    ALUDEL_ANSWERS.flush()


def aludel_begin(order):
    global ALUDEL_PROJECT
    answer = aludel_versions()
    aludel_redirect()
    aludel_make_version_schema()
    ALUDEL_TARGET.point(order["where"], True)
    ALUDEL_PROJECT = AludelProject(ALUDEL_REQUEST)
    try:
        # env.py goes first: it may say where the revisions are.
        ALUDEL_PROJECT.load()
        answer["version"] = ALUDEL_PROJECT.version_table()
    finally:
        aludel_close_connections()
    answer["revisions"] = ALUDEL_PROJECT.revisions()
    answer["version_locations"] = ALUDEL_PROJECT.version_locations()
    return answer


def aludel_step(order):
    ALUDEL_TARGET.point(order["where"], False)
    try:
        ALUDEL_PROJECT.step(order["revision"], order["direction"])
        answer = {"version": ALUDEL_PROJECT.version_table()}
    except BaseException as error:
        answer = {"error": aludel_report(error)}
    finally:
        aludel_close_connections()
    answer["asked"] = ALUDEL_TARGET.asked
    answer["engines"] = ALUDEL_TARGET.engines
    return answer


def aludel_main():
    output = AludelOutput(ALUDEL_REQUEST["output"])
    doing = {"begin": aludel_begin, "step": aludel_step}
    for line in ALUDEL_ORDERS:
        order = json.loads(line)
        watch = aludel_watch(order["limit"])
        try:
            answer = doing[order["do"]](order)
        except BaseException as error:
            answer = {"error": aludel_report(error)}
        watch.cancel()
        answer["printed"] = output.printed()
        aludel_answer(answer)
    # Threads and exit handlers of the application have nothing left to do.
    os._exit(0)


aludel_main()
