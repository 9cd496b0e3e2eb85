"""The worker process: analyses one file after another for the pool that started it.

A request is a line of JSON, `{"language", "path", "size", "remember", "native", "encoding"}`, and
`size` bytes of source; the answer is a line of JSON, the fields of a FileAnalysis. An empty answer
at the start says that the worker is ready. `{"plain": true, "size"}` asks for JavaScript without
JSX instead: the answer is `{"plain": text or null}`.

Three things bound it: the pool's clock, an alarm of its own (should the pool be gone while a
grammar hangs), and a limit on memory. Each ends this process and costs one answer.
"""

import gc
import json
import resource
import signal
import sys
from typing import Any

from pydantic_core import to_json

from quantumlayer.parser import tree
from quantumlayer.parser.analysis import analyse
from quantumlayer.parser.jsx import plain
from quantumlayer.parser.recent import RecentTrees

_MEMORY_BYTES = 2 * 1024**3
_COLLECT_AFTER = 100


def main() -> None:
    """Serve requests until standard input ends. `argv[1]`: seconds that one may take."""
    limit = float(sys.argv[1])
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, _MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    requests, answers = sys.stdin.buffer, sys.stdout.buffer
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    # Thousands of short-lived nodes a file: looking for cycles among them is left for in between.
    gc.disable()
    gc.freeze()
    recent = RecentTrees()
    answers.write(b"{}\n")
    answers.flush()
    for number, line in enumerate(requests, 1):
        request: dict[str, Any] = json.loads(line)
        data = requests.read(request["size"])
        # The default action of SIGALRM ends the process even inside a grammar's endless loop.
        signal.setitimer(signal.ITIMER_REAL, limit + 1)
        answer = plain_of(data) if request.get("plain") else analysed(request, data, recent)
        signal.setitimer(signal.ITIMER_REAL, 0)
        answers.write(to_json(answer) + b"\n")
        answers.flush()
        if number % _COLLECT_AFTER == 0:
            gc.collect()


def analysed(request: dict[str, Any], data: bytes, recent: RecentTrees) -> dict[str, Any]:
    return analyse(
        request["language"],
        request["path"],
        data,
        recent=recent if request["remember"] else None,
        native=request["native"],
        encoding=request["encoding"],
    )


def plain_of(data: bytes) -> dict[str, Any]:
    without = plain(tree.parse("javascript", data), data)
    return {"plain": without and without.decode("utf-8", errors="replace")}


if __name__ == "__main__":
    main()
