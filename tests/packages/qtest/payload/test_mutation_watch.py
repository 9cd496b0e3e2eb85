"""Whether a session works, rests or lets others wait is seen from outside, from its threads."""

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import pytest

from quantumlayer.qtest.payload.mutation_watch import BEGUN, Answer, Watch, await_answer, look_at

_RESTING = {
    "sleeps": "import time; print('on', flush=True); time.sleep(600)",
    "waits for a thread": (
        "import threading, time; print('on', flush=True);"
        "one = threading.Thread(target=time.sleep, args=[600]); one.start(); one.join()"
    ),
    "waits for a process": (
        "import subprocess; print('on', flush=True); subprocess.run(['sleep', '600'])"
    ),
}
_BUSY = "\nwhile True: pass"
_WORKING = {
    "computes": f"print('on', flush=True){_BUSY}",
    "waits for a thread that computes": (
        "import threading\n"
        "def work():\n    while True: pass\n"
        "print('on', flush=True)\n"
        "one = threading.Thread(target=work); one.start(); one.join()"
    ),
    "waits for a process that computes": (
        "import subprocess, sys; print('on', flush=True);"
        "subprocess.run([sys.executable, '-c', 'while True: pass'])"
    ),
}


@contextmanager
def session_of(program: str) -> Iterator[int]:
    """The id of a session of its own in which the program runs."""
    started = subprocess.Popen(
        [sys.executable, "-c", program], stdout=subprocess.PIPE, start_new_session=True
    )
    try:
        assert started.stdout is not None
        started.stdout.readline()
        yield started.pid
    finally:
        os.killpg(started.pid, signal.SIGKILL)
        started.communicate()


def eventually(holds: Callable[[], bool]) -> None:
    deadline = time.monotonic() + 30
    while not holds():
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.parametrize("program", _RESTING.values(), ids=_RESTING)
def test_a_session_of_which_every_thread_waits_is_at_rest(program: str) -> None:
    with session_of(program) as session:
        eventually(lambda: look_at(session)[1])
        used = look_at(session)[0]
        time.sleep(0.3)

        assert look_at(session)[0] - used <= 0.05


@pytest.mark.parametrize("program", _WORKING.values(), ids=_WORKING)
def test_a_session_in_which_anything_computes_is_not(program: str) -> None:
    with session_of(program) as session:
        eventually(lambda: look_at(session)[0] > 0.2)

        assert not look_at(session)[1]


def test_who_only_waits_is_given_up_after_a_while() -> None:
    with session_of(_RESTING["sleeps"]) as session:
        watch = Watch(session, {"seconds": 600, "waiting_seconds": 0.2})

        eventually(watch.is_over)

        assert look_at(session)[0] < 1


def test_who_computes_is_charged_what_he_used_and_not_how_long_that_took() -> None:
    with session_of(_WORKING["computes"]) as session:
        watch = Watch(session, {"seconds": 0.5, "waiting_seconds": 600})
        eventually(watch.is_over)

        assert look_at(session)[0] + watch.waited >= 0.5
        assert watch.waited == 0


def test_who_has_gone_is_not_waited_for() -> None:
    watch = Watch(2**22 + 1, {"seconds": 600, "waiting_seconds": 0.2})

    eventually(watch.is_over)


def answer_of(program: str) -> Answer:
    """What comes of a trial that writes what it says to the descriptor that it is given."""
    answer, says = os.pipe()
    trial = subprocess.Popen(
        [sys.executable, "-c", program, str(says)], pass_fds=[says], start_new_session=True
    )
    os.close(says)
    try:
        return await_answer(trial.pid, answer, {"id": 7, "seconds": 600, "waiting_seconds": 1})
    finally:
        os.close(answer)
        trial.returncode = 0  # it has been waited for


def test_each_test_may_wait_anew() -> None:
    program = (
        "import os, sys, time\n"
        "say = lambda text: os.write(int(sys.argv[1]), text)\n"
        "for _ in range(5):\n"
        "    say(BEGUN)\n"
        "    time.sleep(0.5)\n"
        """say(b'{"id": 7, "status": "survived"}\\n')"""
    )

    told = answer_of(program.replace("BEGUN", repr(BEGUN)))
    silent = answer_of(program.replace("BEGUN", "b''"))

    assert told["status"] == "survived"
    assert told["used"] > 1
    assert silent["status"] == "timed_out"
