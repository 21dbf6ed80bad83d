"""Random histories and random legal states of a database."""

LABELS = ["shop", "shipping", "billing", "auth-api", "auth-2", "core"]


class History:
    """Revisions in the order of their ids, with what the checks need to know of them."""

    def __init__(self, revisions):
        self.revisions = sorted(revisions, key=lambda one: one["id"])
        self.ids = [one["id"] for one in self.revisions]
        self.parents = {one["id"]: one["parents"] for one in revisions}
        self.labels = {label: one["id"] for one in revisions for label in one["labels"]}
        self.depends = {
            one["id"]: [self.labels.get(name, name) for name in one["depends-on"]] for one in revisions
        }

    def ancestors(self, ids, dependencies=True):
        """The revisions and all that must come before them."""
        seen, waiting = set(), list(ids)
        while waiting:
            one = waiting.pop()
            if one not in seen:
                seen.add(one)
                waiting.extend(self.parents[one])
                waiting.extend(self.depends[one] if dependencies else [])
        return seen

    def descendants(self, ids, dependencies=True):
        return {one for one in self.ids if self.ancestors([one], dependencies) & set(ids)}

    def tops(self, applied):
        """The revisions of a set that no other of it stands on."""
        covered = {below for one in applied for below in [*self.parents[one], *self.depends[one]]}
        return sorted(set(applied) - covered)

    def tops_by_parents(self, applied):
        """The same, if dependents do not count."""
        return sorted(set(applied) - {parent for one in applied for parent in self.parents[one]})

    def heads(self):
        return sorted(set(self.ids) - {parent for parents in self.parents.values() for parent in parents})

    def lineage(self, one, dependencies=False):
        return self.ancestors([one], dependencies) | self.descendants([one], dependencies)


def random_id(dice, taken):
    while True:
        start = dice.choice(["", "", "ab", "ab12", "c0ffee"])
        text = (start + "".join(dice.choice("0123456789abcdef") for _ in range(12)))[:12]
        if text not in taken and not text.isdigit():
            return text


def random_history(dice):
    size, bases = dice.randint(1, 14), dice.randint(1, 3)
    labels = dice.sample(LABELS, len(LABELS))
    revisions, heads, ids = [], [], []
    for number in range(size):
        one = random_id(dice, ids)
        if number == 0 or (bases > 1 and dice.random() < 0.25):
            parents, bases = [], bases if number == 0 else bases - 1
        elif len(heads) > 1 and dice.random() < 0.3:
            parents = dice.sample(heads, min(len(heads), dice.choice([2, 2, 2, 3])))
        elif len(ids) > 1 and dice.random() < 0.02:
            # Alembic takes a merge of a revision with its own ancestor; nobody should write one.
            parents = dice.sample(ids, 2)
        else:
            parents = [dice.choice(heads if dice.random() < 0.65 else ids)]
        depends = []
        if ids and dice.random() < 0.2:
            depends = dice.sample(ids, min(len(ids), dice.choice([1, 1, 1, 2])))
        depends = [one for one in depends if one not in parents]
        here = [labels.pop() for _ in range(dice.choice([0, 0, 0, 0, 1, 1, 2])) if labels]
        known = {one["id"]: one["labels"] for one in revisions}
        depends = [dice.choice([name, *known[name]]) for name in depends]
        revisions.append({"id": one, "parents": parents, "depends-on": depends, "labels": here})
        heads = [head for head in heads if head not in parents] + [one]
        ids.append(one)
    return History(revisions)


def random_state(dice, history):
    """The version table's rows of a database on which some revisions are applied."""
    if dice.random() < 0.15:
        return []
    if dice.random() < 0.15:
        return history.tops(history.ids)
    some = dice.sample(history.ids, min(len(history.ids), dice.choice([1, 1, 2, 2, 3])))
    rows = history.tops(history.ancestors(some))
    dice.shuffle(rows)
    return rows
