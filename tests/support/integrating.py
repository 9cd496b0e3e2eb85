"""Turns of a scripted integrator, as a model with native tools makes them."""

import json

from tests.support.model_server import ScriptedCall, TextReply

SOURCE = "temperature/__init__.py"


def turn(*calls: tuple[str, dict[str, object]], text: str = "") -> TextReply:
    """A turn with calls, each a tool and its arguments."""
    return TextReply(
        task="integrate",
        content=text,
        tool_calls=tuple(
            ScriptedCall(name=name, arguments=json.dumps(arguments)) for name, arguments in calls
        ),
        finish_reason="tool_calls" if calls else "stop",
    )


def edit(search: str, replacement: str, path: str = SOURCE, **more: object) -> TextReply:
    """A turn that edits a file."""
    return turn(("edit", {"path": path, "search": search, "replacement": replacement, **more}))


def finish(text: str = "") -> TextReply:
    """A turn that wants to end."""
    return turn(("finish", {"summary": "It holds."}), text=text)


def writing(content: str, path: str = SOURCE, contradicts: str = "") -> str:
    """A whole file as a block in the text of a turn."""
    named = f' contradicts="{contradicts}"' if contradicts else ""
    return f'<file path="{path}"{named}>\n{content}</file>\n'


def mended(content: str, path: str = SOURCE, contradicts: str = "") -> TextReply:
    """A turn that writes a file anew and wants to end."""
    return finish(text=writing(content, path, contradicts))
