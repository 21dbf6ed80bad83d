"""What Alembic does, asked through the iterators and steps its own commands use, without a database."""

import traceback
import warnings

from alembic.runtime.migration import HeadMaintainer
from alembic.script.base import ScriptDirectory
from alembic.script.revision import (
    MultipleHeads,
    RangeNotAncestorError,
    Revision,
    RevisionMap,
)
from alembic.util import CommandError


class Module:
    @staticmethod
    def upgrade():
        pass

    @staticmethod
    def downgrade():
        pass


class Script(Revision):
    module = Module
    doc = None


class Directory(ScriptDirectory):
    """A script directory without a directory."""

    def __init__(self, revision_map):
        self.revision_map = revision_map


class Maintainer(HeadMaintainer):
    """Writes down what would be sent to the version table, with the checks of the real one."""

    def __init__(self, heads):
        super().__init__(None, heads)
        self.operations = []

    def _insert_version(self, version):
        assert version not in self.heads
        self.heads.add(version)
        self.operations.append({"op": "insert", "revision": version})

    def _delete_version(self, version):
        self.heads.remove(version)
        self.operations.append({"op": "delete", "revision": version})

    def _update_version(self, from_, to_):
        assert to_ not in self.heads
        self.heads.remove(from_)
        self.heads.add(to_)
        self.operations.append({"op": "update", "from": from_, "to": to_})


class Alembic:
    def __init__(self, history):
        scripts = [
            Script(
                one["id"],
                tuple(one["parents"]) or None,
                tuple(one["depends-on"]) or None,
                tuple(one["labels"]) or None,
            )
            for one in history.revisions
        ]
        self.map = RevisionMap(lambda: scripts)
        self.map._revision_map
        for script in scripts:
            # Alembic keeps these in the order of a set of texts, another on every run; this is one of them.
            script._normalized_resolved_dependencies = tuple(
                sorted(script._normalized_resolved_dependencies, key=self.place_in(script))
            )
        self.directory = Directory(self.map)

    @staticmethod
    def place_in(script):
        return script._resolved_dependencies.index

    def answer(self, question):
        current, targets = tuple(question["current"]), question["targets"]
        try:
            with warnings.catch_warnings(record=True) as told:
                warnings.simplefilter("always")
                reply = self.plan(question["verb"], current, targets)
            if told:
                reply["warning"] = str(told[0].message)
            return reply
        except CommandError as error:
            cause = error.__cause__
            kind = None
            if isinstance(cause, MultipleHeads):
                kind = "multiple-heads"
            elif isinstance(cause, RangeNotAncestorError):
                kind = "not-an-ancestor"
            elif str(cause) == "Ambiguous walk" or "Multiple revisions start" in str(cause):
                kind = "ambiguous"
            return {"error": str(error), "kind": kind, "cause": str(cause)}
        except Exception as error:  # noqa: BLE001, since Alembic's own faults are what is looked for
            place = traceback.extract_tb(error.__traceback__)[-1].name
            return {"error": f"{type(error).__name__} in {place}", "crash": f"{type(error).__name__} {place}"}

    def plan(self, verb, current, targets):
        if verb == "labels":
            return {"labels": [sorted(self.map.get_revision(one).branch_labels) for one in current]}
        if verb == "range":
            base, head = targets[0].split(":")
            found = self.directory.walk_revisions(base=base or "base", head=head or "heads")
            return {"revisions": [one.revision for one in found]}
        if verb == "upgrade":
            steps = self.directory._upgrade_revs(targets[0], current)
        elif verb == "downgrade":
            steps = self.directory._downgrade_revs(targets[0], current)
        else:
            steps = self.directory._stamp_revs(tuple(targets), current)
        rows, states = Maintainer(current), []
        for step in steps:
            rows.update_to_step(step)
            states.append(sorted(rows.heads))
        return {
            "steps": [self.step(verb, step) for step in steps],
            "version-table": rows.operations,
            "heads": sorted(rows.heads),
            "rows": states,
        }

    @staticmethod
    def step(verb, step):
        if verb == "stamp":
            revision = (step.to_revisions or step.from_revisions)[0]
        else:
            revision = step.revision.revision
        return {
            "direction": verb,
            "revision": revision,
            "from": list(step.from_revisions),
            "to": list(step.to_revisions),
        }
