"""Running a test program with the guard inside, and what may be believed of its end."""

from collections.abc import Mapping, Sequence
from typing import NamedTuple

from quantumlayer.qtest.payload.steps import CAP_BYTES, Finished, ended_with, run
from quantumlayer.qtest.payload.witness import Testimony, Witness

GUARD = "/opt/guard/guard.so"


def guarded(witness: Witness) -> dict[str, str]:
    """The variables that put the guard into the programs of a step.

    Sanitizers want to be loaded first, and their leak checker wants to trace, which the sandbox
    forbids.
    """
    return {
        "LD_PRELOAD": GUARD,
        "QL_WITNESS": witness.address,
        "ASAN_OPTIONS": "verify_asan_link_order=0:detect_leaks=0",
    }


class Ending(NamedTuple):
    """How a guarded program ended. `problem` is empty only if its `main` returned 0, it said so
    itself, with the secret, and its exit status is 0."""

    finished: Finished
    problem: str


def run_guarded(
    witness: Witness,
    command: Sequence[str],
    *,
    folder: str,
    variables: Mapping[str, str] | None = None,
    cap: int = CAP_BYTES,
) -> Ending:
    """Run one program of the project under the guard."""
    started: list[int] = []
    finished = run(
        command,
        folder=folder,
        variables={**(variables or {}), **guarded(witness)},
        on_start=started.append,
        cap=cap,
    )
    return Ending(finished, problem_with(finished, witness.of(started[0])))


def problem_with(finished: Finished, heard: Sequence[Testimony]) -> str:
    """Why an end is not a success, or nothing."""
    if finished.flooded:
        return "It wrote more output than its limit."
    if finished.status != 0:
        return f"It ended with {ended_with(finished.status)}."
    return distrust(heard)


def distrust(heard: Sequence[Testimony]) -> str:
    """Why an exit status of 0 is not believed, or nothing."""
    if not heard:
        return (
            "It ended with exit status 0 without having been heard of (is it statically linked?)."
        )
    if len(heard) > 1 or not heard[0].genuine:
        return "Something other than the guard spoke for it: its result proves nothing."
    if heard[0].lines and heard[0].lines != ["returned 0"]:
        return f"Its main function {heard[0].lines[-1]}, and something made that exit status 0."
    if not heard[0].lines:
        return "It ended with exit status 0 before its main function had returned."
    return ""
