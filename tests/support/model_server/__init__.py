"""A scripted model server: the real HTTP of the providers, with replies that a test decides.

It listens on a free loopback port, speaks OpenAI chat completions and Anthropic messages, whole
and as streams of server-sent events, and writes down every request that it got.

In a test, on the test's own event loop::

    async with ModelServer([JsonReply(value={"name": "Ada"}, task="analyst")]) as server:
        ...                                  # QL_MODEL=openai/scripted, base URL server.base_url
        assert server.asked_twice() == ()

With a callable instead of a script the reply is computed: ``ModelServer(lambda body: "text")``.
What goes wrong or is odd in mid-stream is said by a reply's `on_the_way`::

    TextReply(content="one two", on_the_way=(Silence(after=4),))

As a process of its own, for end-to-end tests (``GET /requests`` and
``GET /asked-twice`` tell what it was asked)::

    python -m tests.support.model_server --script replies.json --port 8099

where the script is ``{"replies": [{"kind": "json", "task": "analyst", "value": {…}}, …]}``.

How a reply is chosen: the first one of the script whose `task`, `model` and `contains` fit the
request and that has `times` left. A request that continues an answer which this server cut off
gets the rest of that very answer, whatever else runs at the same time. Nothing fitting is an
error 400 that says so: a script that is too short must fail the test, not hang it.
"""

from tests.support.model_server.happenings import (
    Break,
    Happening,
    Pings,
    PoliteEnd,
    Silence,
    StreamError,
)
from tests.support.model_server.replies import (
    CutOffReply,
    DroppedReply,
    ErrorReply,
    FilesReply,
    JsonReply,
    RawReply,
    Reply,
    Responder,
    Script,
    ScriptedCall,
    ScriptedReply,
    TextReply,
)
from tests.support.model_server.server import COUNTED, ModelServer, RecordedRequest

__all__ = [
    "COUNTED",
    "Break",
    "CutOffReply",
    "DroppedReply",
    "ErrorReply",
    "FilesReply",
    "Happening",
    "JsonReply",
    "ModelServer",
    "Pings",
    "PoliteEnd",
    "RawReply",
    "RecordedRequest",
    "Reply",
    "Responder",
    "Script",
    "ScriptedCall",
    "ScriptedReply",
    "Silence",
    "StreamError",
    "TextReply",
]
