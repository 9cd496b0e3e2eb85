"""What a log says of why software ended, and where it listens."""

import pytest

from quantumlayer.qtest.delivered.probing import reachable
from quantumlayer.qtest.delivered.reasons import crashed, telling_line, unreached
from quantumlayer.qtest.delivered.state import State

NPM = """npm error Missing script: "serve"
npm error
npm error To see a list of scripts, run:
npm error   npm run
npm error A complete log of this run can be found in: /home/node/.npm/_logs/debug-0.log"""
PYTHON = """Traceback (most recent call last):
  File "/usr/local/bin/tool", line 3, in <module>
    from tool import run
ImportError: cannot import name 'run' from 'tool'"""


def test_the_script_that_is_missing_is_named() -> None:
    assert telling_line(NPM) == (1, 'npm error Missing script: "serve"')


@pytest.mark.parametrize(
    ("log", "expected"),
    [
        (PYTHON, True),
        ("thread 'main' panicked at src/main.rs:3:5:\nno settings", True),
        ('Exception in thread "main" java.lang.NullPointerException', True),
        (
            PYTHON.replace("ImportError: cannot import", "IndexError: list index out of range"),
            False,
        ),
        (PYTHON.replace("ImportError: cannot import", "EOFError: EOF when reading a line"), False),
        ("usage: tool FILE\ntool: error: the following arguments are required: FILE", False),
    ],
)
def test_an_exception_that_nobody_caught_is_a_crash(log: str, expected: bool) -> None:
    assert crashed(log) is expected


@pytest.mark.parametrize("address", ["127.0.0.1", "::1", "::ffff:127.0.0.1"])
def test_a_loopback_is_nobody_elses_in_any_protocol(address: str) -> None:
    state = State(running=True, listening=((address, 8080),))
    assert not reachable(state, 8080)
    assert "the container's own loopback" in unreached(state, 8080, "")
