"""The differences from Alembic that are meant: a defect of Alembic's each, named, and shown to be that one.

A name is given only where Alembic's answer has the defect's mark and Aludel's is what Alembic itself says to
the same question put so that the defect does not matter, or what the small model here says.
"""

import re

from alembic.script.revision import RevisionError

from verdict import compare

# A label with a dash in it that ends like steps, or has steps after it.
DASHED = re.compile(r"auth-2|auth-api[+-]")

# Where Alembic stops with a traceback; Aludel answers, and model.py judges the answer.
ROW_FAULTS = {
    "KeyError _update_version",
    "KeyError _delete_version",
    "AssertionError _update_version",
    "AssertionError update_version_num",
    "AssertionError _stamp_revs",
}


def name_of(history, question, alembic, aludel, asked):
    """Returns the name of the difference, or `None` if it is nobody's intention."""
    verb, targets = question["verb"], question["targets"]
    if verb == "labels":
        return labels(history, alembic, aludel)
    if any(DASHED.search(target) for target in targets):
        return dashed(history, question, aludel, asked)
    if "crash" in alembic:
        return traceback_of(history, question, alembic, aludel, asked)
    if any(history.tops(history.ancestors(rows)) != rows for rows in alembic.get("rows", [])):
        return "row-too-many: Alembic keeps a row that another contains"
    if verb == "stamp":
        return stamp(history, question, alembic, aludel, asked)
    if verb == "range":
        return below_base(question, aludel, asked)
    target = targets[0]
    refused = aludel.get("error", {}).get("kind")
    branch, _, place = target.rpartition("@")
    if branch and not known(asked, branch):
        if refused in ("no-such-revision", "ambiguous"):
            return "branch-unknown: Alembic does not look at the branch"
        return None
    if re.fullmatch(r"base-\d+", place) and refused == "walked-too-far":
        return "below-base: Alembic counts base-N from the heads"
    if "overlaps with other requested revisions" in alembic.get("cause", ""):
        return "overlapping-heads: Alembic will not take the heads of a branch of which one depends on another"
    if verb == "downgrade" and re.fullmatch(r"-\d+", target) and len(question["current"]) > 1:
        return "start-ambiguous: Alembic takes any row, with a warning" if refused == "ambiguous" else None
    if verb == "downgrade" and alembic.get("cause") == "Ambiguous walk" and re.fullmatch(r"-\d+", place):
        return undone(history, question, branch, place, aludel, asked)
    if branch and scoped(history, question, branch, place, aludel, asked):
        return "branch-ignored: Alembic looks for what stands after the @ on every branch"
    if verb == "downgrade" and branch and re.fullmatch(r"-\d+", place):
        return sibling(history, question, branch, place, aludel, asked)
    return None


def labels(history, alembic, aludel):
    """Alembic begins its way down from a descendant instead of the labelled revision, any one of them."""
    for label, labelled in history.labels.items():
        children = [one for one in history.ids if labelled in history.parents[one]]
        theirs, ours = (
            {one for one, names in zip(history.ids, answer["labels"]) if label in names}
            for answer in (alembic, aludel)
        )
        if theirs != ours and not (children and history.ancestors([labelled], False) >= theirs ^ ours):
            return None
    return "label-lost: Alembic does not take a label down to its fork if there is another fork above it"


def same(history, question, targets, aludel, asked):
    """Whether Aludel's answer is what Alembic says to these targets, other differences with a name aside."""
    if targets == question["targets"]:
        return False
    meant = {**question, "targets": targets}
    answer = asked.answer(meant)
    agrees = compare(meant, answer, aludel) is None
    return agrees or name_of(history, meant, answer, aludel, asked) is not None


def traceback_of(history, question, alembic, aludel, asked):
    if alembic["crash"] == "AssertionError is_revision":
        return "traceback-at-the-end: steps that end at the base or beyond"
    if question["verb"] == "range" and alembic["crash"] == "AssertionError _topological_sort":
        return "traceback-of-range: a range that a dependency leads out of"
    if alembic["crash"] not in ROW_FAULTS:
        return None
    if question["verb"] == "stamp":
        return stamp(history, question, alembic, aludel, asked)
    if any(redundant(history, one) for one in history.ids):
        return "traceback-of-rows: a revision that needs another and what that one needs too"
    return None


def dashed(history, question, aludel, asked):
    """Puts the ids in the labels' place."""
    targets = []
    for target in question["targets"]:
        for label in ("auth-2", "auth-api"):
            target = target.replace(label, history.labels.get(label, label))
        targets.append(target)
    if any(DASHED.search(target) for target in targets):
        return None
    if same(history, question, targets, aludel, asked):
        return "label-with-dash: Alembic reads steps in a label such as auth-2"
    return None


def redundant(history, one):
    """Whether something that the revision stands on stands on another such thing."""
    needs = [*history.parents[one], *history.depends[one]]
    return len(history.tops(history.ancestors(needs))) < len(set(needs))


def below_base(question, aludel, asked):
    """`A:base-1`: the same counting from the heads."""
    if "base-" in question["targets"][0]:
        return "below-base: Alembic counts base-N from the heads"
    return None


def known(asked, branch):
    try:
        return asked.map.get_revision(branch) is not None
    except RevisionError:
        return False


def scoped(history, question, branch, place, aludel, asked):
    """Whether Aludel answers what Alembic does once the place is replaced by what it means on the branch."""
    symbol, steps = re.fullmatch(r"(.*?)([+-]\d+)?", place).groups()
    if not symbol:
        return False
    try:
        revision = asked.map.get_revision(f"{branch}@{symbol}")
    except RevisionError:
        return "error" in aludel
    except AssertionError:
        return False
    meant = f"{branch}@{revision.revision if revision else 'base'}{steps or ''}"
    if meant == f"{branch}@{place}":
        return False
    return same(history, question, [meant], aludel, asked)


def sibling(history, question, branch, place, aludel, asked):
    """`label@-1` where the label is below the fork that the step goes back to."""
    here = starts(history, question, branch, asked)
    if len(here) == 1 and same(history, question, [f"{here[0]}@{place}"], aludel, asked):
        return "fork-above-label: Alembic does not find its way back to a fork above the label"
    return None


def starts(history, question, branch, asked):
    """Where the database stands on a branch."""
    if not branch:
        return question["current"]
    lineage = history.lineage(asked.map.get_revision(branch).revision)
    here = [row for row in question["current"] if row in lineage]
    if not here:
        here = history.tops_by_parents(history.ancestors(question["current"]))
        here = [one for one in here if one in lineage]
    return here


def undone(history, question, branch, place, aludel, asked):
    """`-1` at a merge: the same as going down to a parent of it, with only that merge above."""
    here = starts(history, question, branch, asked)
    if len(here) != 1:
        return None
    for _ in range(int(place[1:]) - 1):
        here = history.parents[here[0]]
    meant = f"{here[0]}@{history.parents[here[0]][0]}"
    if redundant(history, here[0]) or same(history, question, [meant], aludel, asked):
        return "merge-undone: Alembic takes no step down from a merge"
    return None


def stamp(history, question, alembic, aludel, asked):
    """Compares with what a stamp means: each target takes the place of what is above and below it."""
    targets, rows = question["targets"], set(question["current"])
    if any(re.search(r"(^|@)-\d+$", target) for target in targets):
        return "stamp-steps: Alembic counts -N from the heads" if "error" in aludel else None
    wanted, cleared = set(), set()
    for target in targets:
        branch, _, place = target.rpartition("@")
        if branch and not known(asked, branch):
            refused = aludel.get("error", {}).get("kind")
            return "branch-unknown: Alembic does not look at the branch" if refused else None
        try:
            wanted |= {one.revision for one in asked.map.get_revisions(target) if one}
        except RevisionError:
            return None
        if place == "base":
            near = history.lineage(asked.map.get_revision(branch).revision, True) if branch else rows
            cleared |= rows & near
    wanted = {one for one in wanted if not (history.descendants([one]) - {one}) & wanted}
    kept = {row for row in rows - cleared if not any(row in history.lineage(one, True) for one in wanted)}
    if "error" in aludel or set(aludel["heads"]) != wanted | kept:
        return None
    if len(targets) > 1 or len(wanted) > 1:
        return "stamp-several: Alembic forgets or keeps rows, by the order of the targets"
    return "stamp-sweeps: Alembic forgets other rows of the label's branches"
