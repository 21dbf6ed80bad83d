"""What must hold of every plan, whatever Alembic says of it."""


def check_plan(history, question, plan):
    """Returns what is wrong with a plan, or `None`."""
    if question["verb"] in ("range", "labels"):
        return None
    rows = set(question["current"])
    for operation in plan["version-table"]:
        if operation["op"] != "insert":
            gone = operation.get("from", operation.get("revision"))
            if gone not in rows:
                return f"there is no row {gone} to delete"
            rows.remove(gone)
        if operation["op"] != "delete":
            come = operation.get("to", operation.get("revision"))
            if come in rows:
                return f"the row {come} is there already"
            rows.add(come)
    if rows != set(plan["heads"]):
        return "the operations do not lead to the heads"
    if history.tops(history.ancestors(rows)) != sorted(rows):
        return "a row contains another"
    applied = history.ancestors(question["current"])
    for step in plan["steps"]:
        one = step["revision"]
        needs = {*history.parents[one], *history.depends[one]}
        if step["direction"] == "upgrade":
            if one in applied or not needs <= applied:
                return f"{one} cannot be applied there"
            applied.add(one)
        elif step["direction"] == "downgrade":
            applied.discard(one)
            if any(one in [*history.parents[other], *history.depends[other]] for other in applied):
                return f"{one} is taken back too early"
        else:
            return None
    if history.ancestors(rows) != applied:
        return "the rows do not say what is applied"
    return None
