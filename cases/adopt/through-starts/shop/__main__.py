"""`python -m shop upgrade` has `alembic` upgrade the database, in a process of its own."""

import ctypes.util
import os
import subprocess

# Asking about the machine does no harm.
subprocess.run(["uname"], check=True)
ctypes.util.find_library("c")
for start in (
    lambda: subprocess.run(["alembic", "upgrade", "head"], check=True),
    lambda: os.system("alembic upgrade head"),
    lambda: os.execvp("alembic", ["alembic", "upgrade", "head"]),
    lambda: os.posix_spawn("/bin/sh", ["sh", "-c", "alembic upgrade head"], os.environ),
    lambda: os.fork(),
):
    try:
        start()
    except Exception:
        continue
    raise SystemExit("another program ran")
