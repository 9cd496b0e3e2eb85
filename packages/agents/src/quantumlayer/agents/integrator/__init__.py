"""The integrator: one agent, one writer, a loop of tools on the drafted tree.

The platform alone grants its end. Everything here is pure, but for asking the model: the worker
runs the tools and keeps what came of them.
"""

from quantumlayer.agents.integrator.calls import (
    Arguments,
    Edit,
    Finish,
    Outcome,
    Patch,
    Plan,
    Read,
    Request,
    Run,
    Search,
    Start,
    Test,
    Write,
)
from quantumlayer.agents.integrator.editing import Edited, edited, patched
from quantumlayer.agents.integrator.evidence import Problem, grouped
from quantumlayer.agents.integrator.guarding import Guard
from quantumlayer.agents.integrator.loop import observed, take_turn, verified, wants_to_finish
from quantumlayer.agents.integrator.observing import Observation
from quantumlayer.agents.integrator.opening import Project, Task, opening
from quantumlayer.agents.integrator.reading import Call, Refused, calls_in
from quantumlayer.agents.integrator.standing import Standing, standing
from quantumlayer.agents.integrator.transcript import Entry, Transcript

__all__ = [
    "Arguments",
    "Call",
    "Edit",
    "Edited",
    "Entry",
    "Finish",
    "Guard",
    "Observation",
    "Outcome",
    "Patch",
    "Plan",
    "Problem",
    "Project",
    "Read",
    "Refused",
    "Request",
    "Run",
    "Search",
    "Standing",
    "Start",
    "Task",
    "Test",
    "Transcript",
    "Write",
    "calls_in",
    "edited",
    "grouped",
    "observed",
    "opening",
    "patched",
    "standing",
    "take_turn",
    "verified",
    "wants_to_finish",
]
