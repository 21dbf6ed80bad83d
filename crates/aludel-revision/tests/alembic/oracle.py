"""Asks Alembic and Aludel the same random questions about random histories and compares the answers.

    .venv/bin/python oracle.py --cases 20000 --aludel target/debug/examples/plan

Without --aludel the questions go to standard output and the answers are read from standard input, which is how
the Rust test serves them. The report goes to standard error; exit 1 means that some answer differs and no
class in differences.py says why. --seed makes a run repeatable; a failure prints the question.
"""

import argparse
import collections
import json
import random
import subprocess
import sys
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
    """The other end of the pipe."""

    def __init__(self, program):
        self.process = None
        self.source, self.sink = sys.stdin, sys.stdout
        if program:
            self.process = subprocess.Popen(
                [program, "--serve"], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
            )
            self.source, self.sink = self.process.stdout, self.process.stdin

    def ask(self, question):
        self.sink.write(json.dumps(question) + "\n")
        self.sink.flush()
        return json.loads(self.source.readline())

    def close(self):
        self.sink.close()
        if self.process:
            self.process.wait()


def run(arguments, say):
    dice = random.Random(arguments.seed)
    aludel = Aludel(arguments.aludel)
    counts, named, failures, cases = collections.Counter(), collections.Counter(), 0, 0
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
    say(f"{cases} cases, seed {arguments.seed}: {failures} differ without a name")
    for (verb, outcome), count in sorted(counts.items()):
        say(f"  {verb}, {outcome} by Alembic: {count}")
    for name, count in sorted(named.items()):
        say(f"  differs on purpose, {name}: {count}")
    return 1 if failures else 0


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--cases", type=int, default=20000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--aludel", help="the example program `plan`")
    parser.add_argument("--show", type=int, default=5, help="how many differences to print")
    arguments = parser.parse_args()
    sys.exit(run(arguments, lambda line: print(line, file=sys.stderr)))


if __name__ == "__main__":
    main()
