"""The worker process: parses one file after another for the pool that started it.

A request is a line of JSON, `{"language", "path", "size"}`, and `size` bytes of source; the answer
is a line of JSON. An empty answer at the start says that the worker is ready.

Three things bound it: the pool's clock, an alarm of its own (should the pool be gone while a
grammar hangs), and a limit on memory. Each ends this process and costs one answer.
"""

import json
import resource
import signal
import sys
from typing import Any

from quantumlayer.parser import native, tree
from quantumlayer.parser.imports import module_uses
from quantumlayer.parser.languages import LANGUAGES
from quantumlayer.parser.model import FileAnalysis, SyntaxReport, SyntaxTier
from quantumlayer.parser.rules import check

_MEMORY_BYTES = 2 * 1024**3


def analyse(language: str, path: str, data: bytes) -> FileAnalysis:
    """Syntax and symbols of one file whose language is known."""
    row = LANGUAGES[language]
    parsed = tree.parse(language, data)
    if row.native in native.TIERS:
        syntax = SyntaxReport(tier=row.native, errors=native.check(row.native, data))
    else:
        errors = () if row.any_text else tree.problems(parsed, data)
        syntax = SyntaxReport(tier=SyntaxTier.TREE_SITTER, errors=errors)
    symbols = tree.symbols(parsed, language)
    return FileAnalysis(
        path=path,
        language=language,
        syntax=syntax,
        symbols=symbols,
        findings=check(language, path, data, parsed),
        module_uses=module_uses(language, parsed.root_node, data),
    )


def main() -> None:
    """Serve requests until standard input ends. `argv[1]`: seconds that one may take."""
    limit = float(sys.argv[1])
    resource.setrlimit(resource.RLIMIT_AS, (_MEMORY_BYTES, _MEMORY_BYTES))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    requests, answers = sys.stdin.buffer, sys.stdout.buffer
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    answers.write(b"{}\n")
    answers.flush()
    for line in requests:
        request: dict[str, Any] = json.loads(line)
        data = requests.read(request["size"])
        # The default action of SIGALRM ends the process even inside a grammar's endless loop.
        signal.setitimer(signal.ITIMER_REAL, limit + 1)
        analysis = analyse(request["language"], request["path"], data)
        signal.setitimer(signal.ITIMER_REAL, 0)
        answers.write(analysis.model_dump_json().encode() + b"\n")
        answers.flush()


if __name__ == "__main__":
    main()
