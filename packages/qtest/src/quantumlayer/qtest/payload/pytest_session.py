"""Runs pytest inside the sandbox, in a process of its own, and vouches for what that one says.

This process holds the key of the report and loads no code of the project. Before the other one may
start it reads from the sources which tests there are, and what everything that decides the verdict
looks like; afterwards it looks again. It passes on what the other process reports, signed anew, and
it alone says that the run came to its end.

usage: pytest_session.py MODULES WORKSPACE SECONDS [SOURCE_FOLDER …] -- [pytest arguments]

MODULES is where our package lies, for this process alone. SECONDS is when to print where every
thread is, as evidence of what hangs.
"""

import gc

# Nothing that is imported here is ever garbage. Looking for it, now, during the tests, and once
# more at exit, would cost a short run a fifth of its time.
gc.disable()

import importlib.util  # noqa: E402 - nothing is collected by now
import os  # noqa: E402 - nothing is collected by now
import sys  # noqa: E402 - nothing is collected by now
from pathlib import Path  # noqa: E402 - nothing is collected by now
from typing import Any  # noqa: E402 - nothing is collected by now

KEY_BYTES = 32


def sibling(name: str) -> Any:  # noqa: ANN401 - a module
    """Load another file of ours under a name, and from a path, that no project can take or need."""
    path = Path(__file__).with_name(f"{name}.py")
    spec = importlib.util.spec_from_file_location(f"_quantumlayer_{name}", path)
    if spec is None or spec.loader is None:
        raise ImportError(f"{path} cannot be loaded")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def main(modules: str, arguments: list[str]) -> int:
    """Split into the process that judges and the one that is judged."""
    key = os.urandom(KEY_BYTES)  # of the line between the two; the host's is not known yet
    reader, writer = os.pipe()
    start, started = os.pipe()
    child = os.fork()
    if child == 0:
        os.close(reader)
        os.close(started)
        os.close(int(os.environ.pop("SANDBOX_REPORT_FD")))
        with open(os.devnull, "rb") as nothing:  # noqa: PTH123 - pathlib may be replaced by now
            os.dup2(nothing.fileno(), 0)
        return int(sibling("pytest_child").run(arguments, writer, start, key, sibling))
    os.close(writer)
    os.close(start)
    sys.path.insert(0, modules)
    judge = importlib.import_module("quantumlayer.qtest.payload.pytest_judge")
    status = int(judge.follow(arguments, child, reader, started, key))
    if status < 0:
        os.kill(os.getpid(), -status)
    return status


if __name__ == "__main__":
    sys.exit(main(sys.argv[1], sys.argv[2:]))
