"""Steps over HTTP."""

import asyncio
import json
import re
from collections import Counter
from collections.abc import Mapping, MutableMapping

from pydantic import JsonValue

from evaluation.sentence import Request
from evaluation.subject import Answered, Subject, asked

_PLACE = re.compile(r"\{(\w+)\}")
_SHOWN = 300


async def wrong(step: Request, subject: Subject, saved: MutableMapping[str, JsonValue]) -> str:
    """Why the answer is not what it must be; what the step saves goes into `saved`."""
    method, _, path = _filled(step.request, saved).partition(" ")
    body = _filled_json(step.json_body, saved)
    headers = {name: _filled(value, saved) for name, value in step.headers.items()}
    answers = await asyncio.gather(
        *(
            asked(subject.socket, method, path, body=body, text=step.text, headers=headers)
            for _ in range(step.at_once)
        )
    )
    if step.statuses:
        counted = Counter(str(answer.status) for answer in answers)
        if counted != dict(step.statuses):
            return f"{step.request}, {step.at_once} at once: answered {dict(counted)}"
    for answer in answers:
        if reason := _judged(step, answer, saved):
            return f"{step.request}: {reason}; answered {answer.status} {answer.body[:_SHOWN]}"
    return ""


def _judged(step: Request, answer: Answered, saved: MutableMapping[str, JsonValue]) -> str:
    if step.status and answer.status not in step.status:
        return f"the status is not {' or '.join(map(str, step.status))}"
    for pattern in step.says:
        if not re.search(_filled(pattern, saved), answer.body):
            return f"it does not say {pattern!r}"
    for pattern in step.never:
        if re.search(_filled(pattern, saved), answer.body):
            return f"it says {pattern!r}"
    return _judged_json(step, answer, saved) if step.holds or step.saves else ""


def _judged_json(step: Request, answer: Answered, saved: MutableMapping[str, JsonValue]) -> str:
    try:
        value: JsonValue = json.loads(answer.body)
    except ValueError:
        return "it is no JSON"
    for place, wanted in step.holds.items():
        expected = _filled_json(wanted, saved)
        found = at(value, place)
        if not _same(found, expected):
            return f"{place or 'the whole'} is {found!r}, not {expected!r}"
    for name, place in step.saves.items():
        saved[name] = at(value, place)
        if saved[name] is None:
            return f"there is no {place}"
    return ""


def at(value: JsonValue, place: str) -> JsonValue:
    """What stands at a place of a JSON value, None where there is nothing."""
    found = value
    for part in filter(None, place.split(".")):
        if part == "#":
            return len(found) if isinstance(found, list | dict) else None
        if isinstance(found, list) and part.lstrip("-").isdigit():
            index = int(part)
            found = found[index] if -len(found) <= index < len(found) else None
        elif isinstance(found, dict):
            found = found.get(part)
        else:
            return None
    return found


def _same(found: JsonValue, wanted: JsonValue) -> bool:
    """Equal, where true is not 1, and 2.0 is 2."""
    if isinstance(found, bool) or isinstance(wanted, bool):
        return found is wanted
    return found == wanted


def _filled(text: str, saved: Mapping[str, JsonValue]) -> str:
    return _PLACE.sub(lambda found: str(saved.get(found[1], found[0])), text)


def _filled_json(value: JsonValue, saved: Mapping[str, JsonValue]) -> JsonValue:
    if isinstance(value, str):
        whole = _PLACE.fullmatch(value)
        return saved[whole[1]] if whole and whole[1] in saved else _filled(value, saved)
    if isinstance(value, list):
        return [_filled_json(one, saved) for one in value]
    if isinstance(value, dict):
        return {name: _filled_json(one, saved) for name, one in value.items()}
    return value
