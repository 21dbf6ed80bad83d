"""Random questions: a verb, the database's state and targets of every form."""


def random_question(dice, history, current):
    if dice.random() < 0.05:
        return {"verb": "labels", "current": history.ids, "targets": []}
    verb = dice.choice(["upgrade", "upgrade", "downgrade", "downgrade", "stamp", "range"])
    if verb == "range":
        targets = [random_range(dice, history)]
    elif verb == "stamp":
        targets = [target(dice, history, current) for _ in range(dice.choice([1, 1, 1, 2]))]
    else:
        targets = [target(dice, history, current)]
    return {"verb": verb, "current": current, "targets": targets}


def random_range(dice, history):
    sides = [dice.choice(["", place(dice, history), place(dice, history)]) for _ in range(2)]
    if dice.random() < 0.1:
        sides[1] = f"+{dice.randint(1, 3)}"
    if dice.random() < 0.05:
        sides[1] = f"{place(dice, history)}-{dice.randint(1, 3)}"
    return ":".join(sides)


def target(dice, history, current):
    chance = dice.random()
    if chance < 0.2:
        return steps(dice)
    if chance < 0.4:
        return place(dice, history)
    if chance < 0.5:
        return place(dice, history) + steps(dice)
    if current and chance < 0.55:
        return dice.choice(current)
    branch = branch_name(dice, history)
    if chance < 0.7:
        return f"{branch}@{dice.choice(['head', 'heads', 'base'])}"
    if chance < 0.8:
        return f"{branch}@{place(dice, history)}"
    if chance < 0.92:
        return f"{branch}@{steps(dice)}"
    return f"{branch}@{place(dice, history)}{steps(dice)}"


def steps(dice):
    return f"{dice.choice('+-')}{dice.choice([1, 1, 1, 2, 2, 3, 4])}"


def place(dice, history):
    chance = dice.random()
    if chance < 0.45:
        return dice.choice(history.ids)
    if chance < 0.6:
        return part_of(dice, history)
    if chance < 0.75 and history.labels:
        return dice.choice(sorted(history.labels))
    if chance < 0.8:
        return dice.choice(["nothing", "zz"])
    return dice.choice(["head", "heads", "base"])


def branch_name(dice, history):
    chance = dice.random()
    if history.labels and chance < 0.6:
        return dice.choice(sorted(history.labels))
    if chance < 0.85:
        return dice.choice(history.ids)
    return part_of(dice, history) if chance < 0.95 else "nothing"


def part_of(dice, history):
    return dice.choice(history.ids)[: dice.choice([2, 3, 4, 4, 6, 8, 11])]
