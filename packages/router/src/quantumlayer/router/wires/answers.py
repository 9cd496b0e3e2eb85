"""What both formats say of the answer that is wanted: its schema in words, its name, the effort."""

import orjson
from pydantic import JsonValue

from quantumlayer.router.messages import Message, TextPart
from quantumlayer.router.profiles.profile import Effort

_EFFORTS: tuple[Effort, ...] = ("none", "minimal", "low", "medium", "high")
_NAME_LENGTH = 60


def with_schema(messages: tuple[Message, ...], schema: dict[str, JsonValue]) -> tuple[Message, ...]:
    """The messages with the schema in the system message, for what constrains no decoding."""
    wish = (
        "Answer with one JSON document and nothing else: no Markdown, no comments. It must "
        f"be valid against this JSON schema:\n{orjson.dumps(schema).decode()}"
    )
    first = messages[0] if messages else None
    if first is None or first.role != "system":
        return (Message(role="system", content=wish), *messages)
    wish = f"\n\n{wish}"
    plain = isinstance(first.content, str)
    said = first.text + wish if plain else (*first.parts, TextPart(text=wish))
    return (first.model_copy(update={"content": said}), *messages[1:])


def answer_name(task: str) -> str:
    """A name for the answer of `task` that every format takes."""
    name = "".join(each if each.isascii() and each.isalnum() else "_" for each in task)
    return name[:_NAME_LENGTH] or "answer"


def nearest_effort(wanted: Effort | None, offered: tuple[Effort, ...]) -> Effort | None:
    """The effort offered that is nearest to the one wanted, the lower one of two as near."""
    if wanted is None or not offered:
        return None
    place = _EFFORTS.index(wanted)
    rising = sorted(offered, key=_EFFORTS.index)
    return min(rising, key=lambda each: abs(_EFFORTS.index(each) - place))


def arguments_of(text: str) -> dict[str, JsonValue]:
    """The arguments of an earlier call, to be sent back.

    Empty where the model wrote no JSON object: a server that is sent half a call refuses the
    conversation for ever.
    """
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError:
        return {}
    return value if isinstance(value, dict) else {}
