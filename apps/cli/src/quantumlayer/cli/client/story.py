"""What the events of a run have told so far, and how each is said to people."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from quantumlayer.cli.client.events import Event
from quantumlayer.cli.client.progress import at_work, cost
from quantumlayer.cli.client.retelling import (
    base_read,
    baseline_tested,
    change_ready,
    revision_made,
)

Data = dict[str, Any]
_QUOTED_CHARACTERS = 60
_DECISIONS = {
    "accept": "it is built with the nearest, and that wish is missing",
    "stop": "nothing is built",
    "not_meant": "it was not asked for",
}


@dataclass
class Story:
    """A run as far as it has been told."""

    title: str = ""
    planned: int = 0
    written: set[str] = field(default_factory=set)
    # Agents at work: (agent, item).
    active: list[tuple[str, str]] = field(default_factory=list)
    repairs: int = 0
    cost_usd: float = 0.0
    unpriced: bool = False
    tests: str = ""
    last: int = 0

    def tell(self, event: Event) -> str | None:
        """Take the event in; the line that says it, or None for one that needs no line."""
        self.last = event.sequence
        teller = _TELLERS.get(event.type)
        return teller(self, event.data) if teller else None

    @property
    def progress(self) -> str:
        """One line on what happens now."""
        facts = []
        if self.planned or self.written:
            facts.append(f"{len(self.written)}/{max(self.planned, len(self.written))} files")
        facts += at_work(self.active)
        facts.append(cost(self.cost_usd, unpriced=self.unpriced))
        return " · ".join(facts)


def _run_started(_story: Story, data: Data) -> str:
    notes = data.get("notes")
    more = [str(note) for note in notes] if isinstance(notes, list) else []
    return "; ".join([f"started with the model {data.get('model', '?')}", *more])


def _requirements_ready(story: Story, data: Data) -> str:
    story.title = str(data.get("title", ""))
    number = _number(data.get("requirements"))
    unclear = data.get("notUnderstood")
    line = f"requirements: {story.title}, {number} of them"
    if isinstance(unclear, list) and unclear:
        quotes = "; ".join(f"“{_quoted(part)}”" for part in unclear[:3])
        return f"{line}; not understood: {quotes}"
    return line


def _prompt_refused(_story: Story, data: Data) -> str:
    parts = data.get("notUnderstood")
    quotes = [f"“{_quoted(part)}”" for part in parts] if isinstance(parts, list) else []
    return f"refused; not understood: {'; '.join(quotes)}" if quotes else "refused"


def _wish_unserved(_story: Story, data: Data) -> str:
    words = ", ".join(str(word) for word in data.get("words") or ())
    return f"no stack serves {words}; the nearest is: {data.get('title') or '?'}"


def _wish_decided(_story: Story, data: Data) -> str:
    meaning = _DECISIONS.get(str(data.get("decision")), "?")
    return f"decided{' by default' if data.get('by') == 'default' else ''}: {meaning}"


def _memory_recalled(_story: Story, data: Data) -> str | None:
    if data.get("reason"):
        return f"no earlier runs as examples: {data['reason']}"
    titles = [str(one.get("title")) for one in data.get("examples") or [] if isinstance(one, dict)]
    return f"examples from earlier runs: {', '.join(titles)}" if titles else None


def _blueprint_ready(story: Story, data: Data) -> str:
    story.planned = _number(data.get("files"))
    framework, notes = data.get("framework"), data.get("notes")
    more = [str(note) for note in notes] if isinstance(notes, list) else []
    told = f"blueprint: {story.planned} files" + (f", {framework}" if framework else "")
    return "; ".join([told, *more])


def _skeleton_checked(_story: Story, data: Data) -> str:
    files, complaints = _number(data.get("files")), _number(data.get("complaints"))
    if data.get("unknown"):
        return f"interfaces: {files} files, not compiled: {data['unknown']}"
    ended = "compile" if complaints == 0 else f"do not compile: {complaints} complaints"
    return f"interfaces: {files} files {ended}"


def _agent_started(story: Story, data: Data) -> None:
    story.active.append(_agent(data))


def _agent_finished(story: Story, data: Data) -> None:
    if _agent(data) in story.active:
        story.active.remove(_agent(data))


def _model_called(story: Story, data: Data) -> None:
    story.unpriced |= data.get("priced") is False
    story.cost_usd += float(data.get("costUsd") or 0)


def _file_written(story: Story, data: Data) -> str:
    path = str(data.get("path", "?"))
    again = path in story.written
    story.written.add(path)
    errors = data.get("syntaxErrors")
    notes = [f"{data['size']:,} bytes"] if isinstance(data.get("size"), int) else []
    if errors:
        notes.append(f"{errors} syntax errors")
    return f"{'rewrote' if again else 'wrote'} {path}" + (f" ({', '.join(notes)})" if notes else "")


def _file_missing(_story: Story, data: Data) -> str:
    problems = data.get("problems") or [""]
    reason = str(problems[0]).partition("\n")[0]
    return f"{data.get('path', '?')} could not be had" + (f": {reason}" if reason else "")


def _file_noted(_story: Story, data: Data) -> str:
    return f"{data.get('path', '?')} has to change: {data.get('note', '')}"


def _files_tidied(_story: Story, data: Data) -> str | None:
    files = [one for one in data.get("files") or [] if isinstance(one, dict)]
    tools = dict.fromkeys(str(tool) for one in files for tool in one.get("tools") or [])
    return f"tidied {len(files)} files: {', '.join(tools)}" if files else None


def _dependencies_added(_story: Story, data: Data) -> str | None:
    added, left = _packages(data.get("added")), _packages(data.get("left"))
    told = [f"added {name}, which {file} imports" for name, file, _ in added]
    told += [f"did not add {name}, which {file} imports: {why}" for name, file, why in left]
    return "; ".join(told) or None


def _packages(given: object) -> list[tuple[str, str, str]]:
    """(name, who imports it, why it was left) of each."""
    found = [one for one in given if isinstance(one, dict)] if isinstance(given, list) else []
    return [
        (
            str(one.get("name", "?")),
            ", ".join(str(file) for file in one.get("files") or ["?"]),
            str(one.get("reason") or "").partition("\n")[0],
        )
        for one in found
    ]


def _findings_ready(_story: Story, data: Data) -> str:
    severities = data.get("bySeverity") or {}
    kinds = ", ".join(f"{number} {name}" for name, number in severities.items())
    return f"checked: {kinds or 'no'} finding{'' if sum(severities.values()) == 1 else 's'}"


def _tests_finished(story: Story, data: Data) -> str:
    counts = [
        f"{data[name]} {name}"
        for name in ("passed", "failed", "errors", "skipped")
        if data.get(name)
    ]
    coverage = data.get("coverage")
    covered = f", {coverage:.0f}% covered" if isinstance(coverage, int | float) else ""
    story.tests = f"{', '.join(counts) or 'none executed'}{covered}"
    return f"tests: {story.tests}"


def _mutation_measured(_story: Story, data: Data) -> str:
    score = data.get("score")
    if not isinstance(score, int | float):
        return f"mutation: not measured ({data.get('reason') or 'no reason given'})"
    noticed, tried = data.get("noticed", "?"), data.get("tried", "?")
    return f"mutation: the tests notice {noticed} of {tried} changes to the code"


def _delivery_climbed(_story: Story, data: Data) -> str:
    rungs = [one for one in data.get("rungs") or [] if isinstance(one, dict)]
    held = [one for one in rungs if one.get("outcome") == "held"]
    seconds = sum(float(one.get("seconds") or 0) for one in rungs)
    wrong = next((one for one in rungs if one.get("outcome") in ("broken", "unknown")), None)
    if wrong is None:
        names = ", ".join(str(one.get("rung")) for one in held)
        return f"as delivered: {names} held ({seconds:.1f} s)"
    reason = str(wrong.get("reason") or "").partition("\n")[0]
    return f"as delivered: {wrong.get('rung')} {wrong.get('outcome')}, {reason}"


def _repair_started(story: Story, data: Data) -> str:
    story.repairs += 1
    problems = _number(data.get("problems"))
    return f"repair, round {data.get('round', story.repairs)}: {problems} problems"


def _repair_finished(_story: Story, data: Data) -> str:
    return f"repaired {_number(data.get('files'))} files in round {data.get('round', '?')}"


def _integrator_stepped(_story: Story, data: Data) -> str | None:
    calls = [one for one in data.get("calls") or [] if isinstance(one, dict)]
    told = [" ".join(filter(None, (str(one.get("tool")), _first_line(one)))) for one in calls]
    return f"step {data.get('steps', '?')}: {'; '.join(told)}" if told else None


def _first_line(call: Data) -> str:
    about = str(call.get("about") or "").partition("\n")[0][:_QUOTED_CHARACTERS]
    return " ".join(filter(None, (about, "(failed)" if call.get("failed") else "")))


def _test_contradicted(_story: Story, data: Data) -> str:
    return f"put {data.get('path')} right, which contradicted {data.get('requirement')}"


def _integration_finished(_story: Story, data: Data) -> str:
    how = "holds" if data.get("granted") else f"ended, {data.get('reason')}"
    return f"integrated in {data.get('steps', '?')} steps: {how}"


def _review_finished(_story: Story, data: Data) -> str:
    remarks = [one for one in data.get("remarks") or [] if isinstance(one, dict)]
    if not remarks:
        return "read by another, who found nothing"
    wrong = [one for one in remarks if one.get("weight") == "wrong"]
    told = f"read by another: {len(remarks)} remarks, {len(wrong)} of them on what is wrong"
    return f"{told}: {'; '.join(map(_remark, wrong))}" if wrong else told


def _remark(data: Data) -> str:
    place = ":".join(str(one) for one in (data.get("path"), data.get("line")) if one)
    return ": ".join(filter(None, (place, str(data.get("problem") or "?"))))


def _capsule_ready(_story: Story, data: Data) -> str:
    return f"packaged {data.get('fileName', 'the capsule')} ({data.get('size', 0):,} bytes)"


def _run_finished(_story: Story, data: Data) -> str:
    # The lines below the first quote what the story has told already.
    reason = str(data.get("reason") or "").partition("\n")[0]
    return f"verdict: {data.get('verdict')}" + (f", {reason}" if reason else "")


def _run_cancelled(_story: Story, data: Data) -> str:
    return f"cancelled: {data.get('reason') or 'by request'}"


_TELLERS: dict[str, Callable[[Story, Data], str | None]] = {
    "run.started": _run_started,
    "requirements.ready": _requirements_ready,
    "base.read": lambda _story, data: base_read(data),
    "baseline.tested": lambda _story, data: baseline_tested(data),
    "change.ready": lambda _story, data: change_ready(data),
    "revision.made": lambda _story, data: revision_made(data),
    "prompt.refused": _prompt_refused,
    "wish.unserved": _wish_unserved,
    "wish.decided": _wish_decided,
    "memory.recalled": _memory_recalled,
    "blueprint.ready": _blueprint_ready,
    "skeleton.checked": _skeleton_checked,
    "agent.started": _agent_started,
    "agent.finished": _agent_finished,
    "model.called": _model_called,
    "file.written": _file_written,
    "file.missing": _file_missing,
    "file.noted": _file_noted,
    "files.tidied": _files_tidied,
    "dependencies.added": _dependencies_added,
    "findings.ready": _findings_ready,
    "tests.finished": _tests_finished,
    "mutation.measured": _mutation_measured,
    "tests.stayed": lambda _story, data: str(data.get("reason") or ""),
    "delivery.climbed": _delivery_climbed,
    "repair.started": _repair_started,
    "repair.finished": _repair_finished,
    "integrator.stepped": _integrator_stepped,
    "test.contradicted": _test_contradicted,
    "integration.finished": _integration_finished,
    "review.finished": _review_finished,
    "capsule.ready": _capsule_ready,
    "run.finished": _run_finished,
    "run.cancelled": _run_cancelled,
}


def _agent(data: Data) -> tuple[str, str]:
    return str(data.get("agent", "")), str(data.get("item") or "")


def _number(value: object) -> int:
    """How many: a number as it is, a list by its length."""
    if isinstance(value, int):
        return value
    return len(value) if isinstance(value, list | dict) else 0


def _quoted(part: object) -> str:
    text = str(part.get("text", "")) if isinstance(part, dict) else str(part)
    return text if len(text) <= _QUOTED_CHARACTERS else f"{text[: _QUOTED_CHARACTERS - 1]}…"
