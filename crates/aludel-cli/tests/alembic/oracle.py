"""Asks Alembic and Aludel the same random questions about random histories and compares the answers.

    .venv/bin/python oracle.py --cases 20000 --aludel target/debug/aludel

One `aludel plan --questions` answers nearly all; --sample N asks N of them of `aludel plan` in a project that has
those files. The report goes to standard error; exit 1 means that some answer differs and no class in
differences.py says why. --seed makes a run repeatable; a failure prints the question.
"""

import argparse
import collections
import json
import pathlib
import random
import subprocess
import sys
import tempfile
import warnings

from alembic_side import Alembic
from differences import name_of
from histories import random_history, random_state
from model import check_plan
from targets import random_question
from verdict import compare

warnings.simplefilter("ignore")

QUESTIONS_PER_HISTORY = 20


class Aludel:
    """A program that answers question after question."""

    def __init__(self, program):
        self.process = subprocess.Popen(
            [program, "plan", "--questions"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )

    def ask(self, question):
        self.process.stdin.write(json.dumps(question) + "\n")
        self.process.stdin.flush()
        return json.loads(self.process.stdout.readline())

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def ask_as_a_person(program, history, question):
    """Runs `aludel plan` in a project that holds the history; `None` if that cannot be typed."""
    flags = {"upgrade": ["--upgrade"], "downgrade": ["--downgrade"], "stamp": ["--stamp"]}
    if question["verb"] not in flags:
        return None
    with tempfile.TemporaryDirectory() as folder:
        migrations = pathlib.Path(folder, "migrations")
        migrations.mkdir()
        for number, one in enumerate(history.revisions):
            keys = {"revision": one["id"], **{key: one[key] for key in ("parents", "depends-on", "labels")}}
            lines = [f"-- aludel: {key} = {json.dumps(value)}\n" for key, value in keys.items()]
            text = "".join(lines) + "-- aludel: upgrade\n-- aludel: downgrade\n"
            (migrations / f"{number}.sql").write_text(text)
        start = ["--from=" + (",".join(question["current"]) or "base")]
        run = [program, "plan", "--format", "json", *flags[question["verb"]], *start, "--", *question["targets"]]
        done = subprocess.run(run, cwd=folder, capture_output=True, text=True)
        answer = json.loads(done.stdout)
        assert done.returncode == (2 if "error" in answer else 0), done
        return answer


def run(arguments, say):
    dice = random.Random(arguments.seed)
    aludel = Aludel(arguments.aludel)
    counts, named, failures, cases = collections.Counter(), collections.Counter(), 0, 0
    sampled = 0
    while cases < arguments.cases:
        history = random_history(dice)
        alembic = Alembic(history)
        for number in range(QUESTIONS_PER_HISTORY):
            current = random_state(dice, history)
            question = random_question(dice, history, current)
            sent = dict(question)
            if number == 0:
                sent["revisions"] = history.revisions
            theirs, ours = alembic.answer(question), aludel.ask(sent)
            if number == 1 and sampled < arguments.sample:
                typed = ask_as_a_person(arguments.aludel, history, question)
                sampled += typed is not None
                ours = typed or ours
            cases += 1
            counts[question["verb"], "refused" if "error" in theirs else "planned"] += 1
            wrong = None if "error" in ours else check_plan(history, question, ours)
            differs = wrong or compare(question, theirs, ours)
            name = None if wrong or not differs else name_of(history, question, theirs, ours, alembic)
            if name:
                named[name] += 1
            elif differs:
                failures += 1
                if failures <= arguments.show:
                    say(f"DIFFERENT: {differs}")
                    say("  " + json.dumps({**question, "revisions": history.revisions}))
                    say("  alembic " + json.dumps(theirs))
                    say("  aludel  " + json.dumps(ours))
    aludel.close()
    say(f"{cases} cases, seed {arguments.seed}: {failures} differ without a name; {sampled} typed")
    for (verb, outcome), count in sorted(counts.items()):
        say(f"  {verb}, {outcome} by Alembic: {count}")
    for name, count in sorted(named.items()):
        say(f"  differs on purpose, {name}: {count}")
    return 1 if failures else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cases", type=int, default=20000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--aludel", required=True, help="the program")
    parser.add_argument("--sample", type=int, default=0, help="how many to ask as a person does")
    parser.add_argument("--show", type=int, default=5, help="how many differences to print")
    arguments = parser.parse_args()
    sys.exit(run(arguments, lambda line: print(line, file=sys.stderr)))


if __name__ == "__main__":
    main()
