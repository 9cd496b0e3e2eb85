"""A model's message → the calls that it makes, whatever shape a provider gives them.

What cannot be read is a refusal with its reason: the model is told, and may do it better.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError

from quantumlayer.agents.integrator.block_calls import Malformed, arguments_of, tool_of
from quantumlayer.agents.integrator.blocks import Block, blocks_in
from quantumlayer.agents.integrator.calls import BY_NAME, Arguments, Finish, Tool
from quantumlayer.router import Message, ToolCallPart

MOST_CALLS = 24
_SHOWN = 200


@dataclass(frozen=True)
class Call:
    """A tool that is to be used. `id` is the provider's name of the call, None for a block."""

    tool: str
    arguments: Arguments
    id: str | None = None


@dataclass(frozen=True)
class Refused:
    """A call that cannot be made, and why."""

    tool: str
    reason: str
    id: str | None = None


def calls_in(message: Message) -> tuple[Call | Refused, ...]:
    """The calls of a message, in their order: blocks in its text, then native ones.

    Behind a wish to finish, and behind the first MOST_CALLS, nothing is done.
    """
    asked = [*_in_blocks(message.text), *_native(message)]
    kept: list[Call | Refused] = []
    finished = False
    for one in asked:
        if finished:
            kept.append(Refused(one.tool, "nothing is done behind `finish`", one.id))
        elif len(kept) >= MOST_CALLS:
            reason = f"not more than {MOST_CALLS} calls are made in one message"
            kept.append(Refused(one.tool, reason, one.id))
        else:
            kept.append(one)
        finished = finished or (isinstance(one, Call) and isinstance(one.arguments, Finish))
    return tuple(kept)


def _in_blocks(text: str) -> Iterator[Call | Refused]:
    for block in blocks_in(text):
        yield from _of_block(block)


def _of_block(block: Block) -> Iterator[Call | Refused]:
    tool = tool_of(block)
    try:
        for arguments in arguments_of(block):
            yield _call(tool, arguments, None)
    except Malformed as error:
        yield Refused(tool.name, str(error))


def _native(message: Message) -> Iterator[Call | Refused]:
    for part in message.parts:
        if isinstance(part, ToolCallPart):
            yield _of_part(part)


def _of_part(part: ToolCallPart) -> Call | Refused:
    tool = BY_NAME.get(part.name)
    if tool is None:
        known = ", ".join(BY_NAME)
        return Refused(
            part.name or "?", f"there is no tool {part.name!r}; there are {known}", part.id
        )
    try:
        arguments = _object(part.arguments)
    except ValueError as error:
        shown = part.arguments[:_SHOWN]
        reason = f"its arguments are no JSON object: {error}. They begin with: {shown}"
        return Refused(tool.name, reason, part.id)
    return _call(tool, arguments, part.id)


def _object(text: str) -> dict[str, Any]:
    """The arguments, which some servers leave out, and some write into a string once more."""
    value: Any = text
    for _ in range(3):
        if not isinstance(value, str):
            break
        value = json.loads(value) if value.strip() else {}
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise ValueError(f"it is a {type(value).__name__}")  # noqa: TRY004 - as wrong as no JSON
    return value


def _call(tool: Tool, arguments: dict[str, Any], id_: str | None) -> Call | Refused:
    try:
        return Call(tool.name, tool.arguments.model_validate(arguments), id_)
    except ValidationError as error:
        problems = error.errors(include_url=False, include_context=False, include_input=False)
        said = "; ".join(
            f"{'.'.join(map(str, one['loc'])) or tool.name}: {one['msg']}" for one in problems[:5]
        )
        return Refused(tool.name, said, id_)
