"""The texts of a conversation, as modules see them, and the conversation with others instead."""

from collections.abc import Iterator, Sequence

from quantumlayer.router.messages import Message, Part, TextPart, ToolCallPart, ToolResultPart


def texts_of(messages: Sequence[Message]) -> tuple[str, ...]:
    """Every text in its order. Thoughts are given back as they came: they are signed."""
    return tuple(_text(part) or "" for part in _parts(messages) if _text(part) is not None)


def with_texts(messages: Sequence[Message], texts: Sequence[str]) -> tuple[Message, ...]:
    """The messages with as many texts in place of their own."""
    given = iter(texts)
    return tuple(_replaced(message, given) for message in messages)


def _parts(messages: Sequence[Message]) -> Iterator[Part]:
    for message in messages:
        yield from message.parts


def _text(part: Part) -> str | None:
    match part:
        case TextPart(text=text) | ToolResultPart(text=text):
            return text
        case ToolCallPart(arguments=arguments):
            return arguments
    return None


def _replaced(message: Message, given: Iterator[str]) -> Message:
    if isinstance(message.content, str):
        return message.model_copy(update={"content": next(given)})
    parts = tuple(
        part if _text(part) is None else _with_text(part, next(given)) for part in message.content
    )
    return message.model_copy(update={"content": parts})


def _with_text(part: Part, text: str) -> Part:
    name = "arguments" if isinstance(part, ToolCallPart) else "text"
    return part.model_copy(update={name: text})
