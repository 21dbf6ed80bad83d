"""Whether two answers agree."""

import collections
import re


def compare(question, alembic, aludel):
    """Returns `None` if the answers agree, else what differs, in one line."""
    if "error" in alembic and "error" in aludel:
        expected, found = alembic.get("kind"), aludel["error"]["kind"]
        if expected in (None, found) or not names_one_place(question):
            return None
        return f"kinds: {expected} and {found}"
    if "error" in alembic:
        return f"Alembic refuses ({alembic['error']}), Aludel does not"
    if "error" in aludel:
        return f"Aludel refuses ({aludel['error']['kind']}), Alembic does not"
    if question["verb"] == "labels":
        return None if alembic["labels"] == aludel["labels"] else "labels"
    if question["verb"] == "range":
        same = set(alembic["revisions"]) == set(aludel["revisions"])
        return None if same else "revisions"
    if question["verb"] != "stamp":
        if [plain(step) for step in alembic["steps"]] != [plain(step) for step in aludel["steps"]]:
            return "steps"
    if set(alembic["heads"]) != set(aludel["heads"]):
        return "heads"
    if changes(alembic) != changes(aludel):
        return "version rows"
    if len(alembic["version-table"]) != len(aludel["version-table"]):
        return "number of row operations"
    return None


def names_one_place(question):
    """Of several faults in one target either side may report another."""
    verb, targets = question["verb"], question["targets"]
    return verb != "range" and len(targets) == 1 and not re.search("@|base-|[+-]", targets[0])


def plain(step):
    """From and to are sets: which parent Alembic names first varies."""
    return (step["direction"], step["revision"], frozenset(step["from"]), frozenset(step["to"]))


def changes(plan):
    """An update of one row and an insert of another may be the other way round."""
    gone, come = collections.Counter(), collections.Counter()
    for operation in plan["version-table"]:
        if operation["op"] != "insert":
            gone[operation.get("from", operation.get("revision"))] += 1
        if operation["op"] != "delete":
            come[operation.get("to", operation.get("revision"))] += 1
    return gone, come
