"""A command that does something else."""

import sys

print("usage: python -m shop upgrade", file=sys.stderr)
sys.exit(64)
