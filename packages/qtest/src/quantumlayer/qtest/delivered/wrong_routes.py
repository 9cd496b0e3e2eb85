"""Requests of a page's own that no route of its application takes, however kindly it says so.

What was typed in may be refused, and so may what is asked for: only an answer that any path gets
shows that nobody is there to take it.
"""

import re
import secrets
from collections.abc import Sequence
from urllib.parse import urlsplit

from quantumlayer.qtest.delivered.drafts import sent
from quantumlayer.qtest.delivered.heard import TYPED
from quantumlayer.qtest.delivered.model import Answer, Sent
from quantumlayer.qtest.delivered.probing import shown
from quantumlayer.qtest.delivered.starter import Running

NOT_THERE, NOT_SO = 404, 405
MOST = 12
# Something of that name may have been there, and may be gone.
NAMES_ONE = re.compile(rf"/[^/]*(?:\d|{TYPED})[^/]*")


async def not_taken(running: Running, refused: Sequence[Sent]) -> str:
    """What of a page's requests nobody takes, empty where all are."""
    for request in refused[:MOST]:
        answer = await sent(running, request)
        if answer is None or answer.status not in (NOT_THERE, NOT_SO):
            continue
        asked = f"it asks for `{request.method} {request.path}`"
        if answer.status == NOT_SO:
            return f"{asked}, where nothing takes this method: {shown(answer)}"
        path = urlsplit(request.path).path
        if not NAMES_ONE.search(path) and await is_anything(running, request, path, answer):
            return f"{asked}, and there is no such route: {shown(answer)}"
    return ""


async def is_anything(running: Running, request: Sent, path: str, answer: Answer) -> bool:
    """Whether a path beside, which nobody has thought of, gets the same answer."""
    other = f"{path.rstrip('/').rpartition('/')[0]}/{secrets.token_hex(4)}"
    theirs = await sent(running, request.model_copy(update={"path": other}))
    return theirs is not None and theirs.status == answer.status and (
        theirs.body.replace(other, "") == answer.body.replace(path, "")
    )  # fmt: skip
