"""Workers are real processes; whatever happens to one, the pool goes on."""

import sys

import pytest

from quantumlayer.parser.pool import WorkerGone, WorkerPool

# A worker that parses COBOL: the grammar loops for ever on two bytes.
_COBOL = """
import json, sys, tree_sitter_language_pack
parser = tree_sitter_language_pack.get_parser("cobol")
print("{}", flush=True)
for line in sys.stdin.buffer:
    body = sys.stdin.buffer.read(json.loads(line)["size"])
    parser.parse(body)
    print(json.dumps({"parsed": len(body)}), flush=True)
"""


async def test_a_grammar_in_an_endless_loop_is_killed_and_replaced() -> None:
    pool = WorkerPool((sys.executable, "-c", _COBOL), size=1, time_limit_seconds=2)
    try:
        with pytest.raises(WorkerGone, match="stopped after 2 s"):
            await pool.ask({}, b"x\n")
        assert await pool.ask({}, b"") == b'{"parsed": 0}\n'
    finally:
        await pool.aclose()


async def test_a_worker_that_dies_costs_its_answer_only() -> None:
    script = (
        "import os, sys, json; print('{}', flush=True)\n"
        "for line in sys.stdin.buffer:\n"
        "    if sys.stdin.buffer.read(json.loads(line)['size']) == b'die': os.abort()\n"
        "    print('{\"ok\": true}', flush=True)\n"
    )
    pool = WorkerPool((sys.executable, "-c", script), size=1, time_limit_seconds=30)
    try:
        with pytest.raises(WorkerGone, match="without an answer"):
            await pool.ask({}, b"die")
        assert await pool.ask({}, b"live") == b'{"ok": true}\n'
    finally:
        await pool.aclose()


async def test_a_worker_that_cannot_start_says_so() -> None:
    pool = WorkerPool((sys.executable, "-c", "raise SystemExit(3)"), size=1, time_limit_seconds=5)
    with pytest.raises(WorkerGone, match="could not be started"):
        await pool.ask({}, b"")
    await pool.aclose()
