"""How the events of a run are said to people."""

from __future__ import annotations

from datetime import UTC, datetime
from typing import Any

import pytest

from quantumlayer.cli.client.events import Event
from quantumlayer.cli.client.story import Story
from quantumlayer.core.events import EventType


def event(kind: str, **data: Any) -> Event:  # noqa: ANN401 - JSON
    """An event of that kind."""
    return Event(1, kind, data, datetime.now(UTC))


@pytest.mark.parametrize(
    ("told", "line"),
    [
        (event("run.started", model="builtin"), "started with the model builtin"),
        (
            event("run.started", model="openai/x", notes=["its price is not known"]),
            "started with the model openai/x; its price is not known",
        ),
        (
            event("requirements.ready", title="Library", requirements=[1, 2], notUnderstood=[]),
            "requirements: Library, 2 of them",
        ),
        (
            event(
                "requirements.ready",
                title="Library",
                requirements=[1],
                notUnderstood=[{"text": "with magic"}],
            ),
            "requirements: Library, 1 of them; not understood: “with magic”",
        ),
        (
            event("prompt.refused", notUnderstood=[{"text": "with magic"}, {"text": "soon"}]),
            "refused; not understood: “with magic”; “soon”",
        ),
        (event("prompt.refused", reason="no"), "refused"),
        (
            event("base.read", title="Library", files=3, edits=["a.py"], notes=["b was left out."]),
            "changes Library, 3 files; changed by hand: a.py; b was left out.",
        ),
        (event("baseline.tested", verdict="passed", executed=4), "before: all 4 tests pass"),
        (
            event("baseline.tested", verdict="failed", failing=["test_old"]),
            "before anything is changed: failed, test_old",
        ),
        (
            event(
                "change.ready",
                added=[{"id": "R2", "statement": "It flies."}],
                removed=[{"id": "R1", "statement": "It swims."}],
                kept=["R3"],
            ),
            "to change: + R2 It flies.; - R1 It swims.; 1 kept",
        ),
        (
            event("revision.made", files=[{"path": "a.py", "linesAdded": 2, "linesRemoved": 1}]),
            "changed a.py (+2 -1 lines)",
        ),
        (
            event("run.finished", verdict="failed", reason="refused\n“with magic”: unknown"),
            "verdict: failed, refused",
        ),
        (
            event("blueprint.ready", files=[1, 2, 3], framework="FastAPI"),
            "blueprint: 3 files, FastAPI",
        ),
        (
            event("blueprint.ready", files=[1], framework="Go", notes=["x cannot be had: no"]),
            "blueprint: 1 files, Go; x cannot be had: no",
        ),
        (
            event("memory.recalled", examples=[{"runId": "1", "title": "Orders"}], reason=""),
            "examples from earlier runs: Orders",
        ),
        (event("memory.recalled", examples=[], reason=""), None),
        (
            event("memory.recalled", examples=[], reason="it did not answer in time"),
            "no earlier runs as examples: it did not answer in time",
        ),
        (
            event("skeleton.checked", files=3, complaints=[], unknown=""),
            "interfaces: 3 files compile",
        ),
        (
            event("skeleton.checked", files=3, complaints=["a", "b"], unknown=""),
            "interfaces: 3 files do not compile: 2 complaints",
        ),
        (
            event("skeleton.checked", files=3, complaints=[], unknown="no sandbox"),
            "interfaces: 3 files, not compiled: no sandbox",
        ),
        (event("file.written", path="a.py", size=1200), "wrote a.py (1,200 bytes)"),
        (
            event("file.written", path="a.py", size=5, syntaxErrors=2),
            "wrote a.py (5 bytes, 2 syntax errors)",
        ),
        (
            event("file.missing", path="a.py", problems=["The model refused: no\nmore"]),
            "a.py could not be had: The model refused: no",
        ),
        (
            event("file.noted", path="b.py", note="it must export `f`", by=["a.py"]),
            "b.py has to change: it must export `f`",
        ),
        (
            event(
                "files.tidied",
                files=[
                    {"path": "a.py", "tools": ["ruff check --fix", "ruff format"]},
                    {"path": "b.py", "tools": ["ruff format"]},
                ],
            ),
            "tidied 2 files: ruff check --fix, ruff format",
        ),
        (event("files.tidied", files=[], notes=["no ruff"]), None),
        (
            event(
                "dependencies.added",
                added=[{"name": "requests", "module": "requests", "files": ["src/x.py"]}],
                left=[{"name": "flask", "files": ["a.py"], "reason": "No.\nIt is new."}],
            ),
            "added requests, which src/x.py imports; did not add flask, which a.py imports: No.",
        ),
        (event("dependencies.added", added=[], left=[]), None),
        (event("findings.ready", bySeverity={"error": 2}), "checked: 2 error findings"),
        (event("findings.ready", bySeverity={}), "checked: no findings"),
        (
            event("tests.finished", passed=5, failed=1, errors=0, skipped=0, coverage=91.4),
            "tests: 5 passed, 1 failed, 91% covered",
        ),
        (event("tests.finished"), "tests: none executed"),
        (
            event("mutation.measured", score=95.0, tried=40, noticed=38, unnoticed=2),
            "mutation: the tests notice 38 of 40 changes to the code",
        ),
        (event("tests.stayed", reason="They do not pass."), "They do not pass."),
        (
            event("mutation.measured", score=None, reason="No time."),
            "mutation: not measured (No time.)",
        ),
        (
            event(
                "delivery.climbed",
                rungs=[
                    {"rung": "build", "outcome": "held", "seconds": 1.0},
                    {"rung": "start", "outcome": "held", "seconds": 0.5},
                    {"rung": "second instance", "outcome": "skipped", "seconds": 0.0},
                ],
            ),
            "as delivered: build, start held (1.5 s)",
        ),
        (
            event(
                "delivery.climbed",
                rungs=[
                    {"rung": "build", "outcome": "held", "seconds": 1.0},
                    {"rung": "start", "outcome": "broken", "reason": "It ended.\nLine 2"},
                ],
            ),
            "as delivered: start broken, It ended.",
        ),
        (event("repair.started", round=2, problems=["x"]), "repair, round 2: 1 problems"),
        (event("repair.finished", round=2, files=["a.py"]), "repaired 1 files in round 2"),
        (
            event(
                "integrator.stepped",
                steps=3,
                calls=[
                    {"tool": "edit", "about": "a.py", "failed": False},
                    {"tool": "test", "about": "", "failed": True},
                ],
            ),
            "step 3: edit a.py; test (failed)",
        ),
        (
            event("test.contradicted", path="tests/test_a.py", requirement="R3"),
            "put tests/test_a.py right, which contradicted R3",
        ),
        (
            event("integration.finished", granted=True, steps=7, reason="granted"),
            "integrated in 7 steps: holds",
        ),
        (
            event("integration.finished", granted=False, steps=60, reason="no step was left"),
            "integrated in 60 steps: ended, no step was left",
        ),
        (event("review.finished", reading=1, remarks=[]), "read by another, who found nothing"),
        (
            event(
                "review.finished",
                reading=1,
                remarks=[
                    {"weight": "wrong", "path": "a.py", "line": 3, "problem": "It forgets."},
                    {"weight": "worse", "path": "", "line": None, "problem": "It is slow."},
                ],
            ),
            "read by another: 2 remarks, 1 of them on what is wrong: a.py:3: It forgets.",
        ),
        (event("capsule.ready", fileName="a.zip", size=1000), "packaged a.zip (1,000 bytes)"),
        (event("run.finished", verdict="failed", reason="no tests"), "verdict: failed, no tests"),
        (event("run.cancelled"), "cancelled: by request"),
        (event("something.new", x=1), None),
    ],
)
def test_each_event_has_its_line(told: Event, line: str | None) -> None:
    assert Story().tell(told) == line


@pytest.mark.parametrize("kind", list(EventType))
def test_no_event_is_too_empty_to_be_told(kind: EventType) -> None:
    Story().tell(event(kind.value))


def test_the_progress_names_who_is_at_work_and_what_it_costs() -> None:
    story = Story()
    story.tell(event("blueprint.ready", files=[1, 2, 3]))
    story.tell(event("agent.started", agent="analyst", item="analyst"))
    story.tell(event("agent.started", agent="generator", item="a.py"))
    story.tell(event("agent.started", agent="generator", item="b.py"))
    story.tell(event("file.written", path="c.py"))
    story.tell(event("model.called", costUsd=0.0125))
    assert story.progress == "1/3 files · analyst · 2 generators · $0.0125"
    story.tell(event("agent.finished", agent="analyst", item="analyst"))
    story.tell(event("agent.finished", agent="generator", item="b.py"))
    assert story.progress == "1/3 files · generator a.py · $0.0125"


def test_what_has_no_known_price_is_not_told_as_free() -> None:
    story = Story()
    assert story.progress == "$0"
    story.tell(event("model.called", costUsd=0.0, priced=False))
    assert story.progress == "price unknown"
    story.tell(event("model.called", costUsd=0.0125, priced=True))
    assert story.progress == "over $0.0125"


def test_a_file_that_comes_again_was_rewritten() -> None:
    story = Story()
    story.tell(event("file.written", path="a.py"))
    assert story.tell(event("file.written", path="a.py")) == "rewrote a.py"
