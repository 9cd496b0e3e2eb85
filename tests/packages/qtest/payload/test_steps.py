"""Running one program of a session."""

import sys
from pathlib import Path

from quantumlayer.qtest.payload.steps import ended_with, run


def test_both_streams_and_the_status_are_kept(tmp_path: Path) -> None:
    code = "import sys; print('out'); print('err', file=sys.stderr); sys.exit(3)"
    done = run([sys.executable, "-c", code], folder=str(tmp_path))
    assert (done.status, done.output, done.errors) == (3, "out\n", "err\n")
    assert done.said == "out\n\nerr"


def test_whoever_writes_too_much_is_ended(tmp_path: Path) -> None:
    code = "while True: print('x' * 1000)"
    done = run([sys.executable, "-c", code], folder=str(tmp_path), cap=10_000)
    assert done.flooded


def test_a_descendant_that_keeps_the_streams_open_does_not_keep_us(tmp_path: Path) -> None:
    code = "import subprocess; subprocess.Popen(['sleep', '60']); print('done')"
    done = run([sys.executable, "-c", code], folder=str(tmp_path))
    assert (done.status, done.output) == (0, "done\n")


def test_lines_come_while_the_program_runs(tmp_path: Path) -> None:
    lines: list[bytes] = []
    run(
        [sys.executable, "-c", "print('a'); print('b')"], folder=str(tmp_path), on_line=lines.append
    )
    assert lines == [b"a", b"b"]


def test_signals_have_their_names() -> None:
    assert ended_with(-9) == "signal 9 (SIGKILL)"
    assert ended_with(4) == "exit status 4"
