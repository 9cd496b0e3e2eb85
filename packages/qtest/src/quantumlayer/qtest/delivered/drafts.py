"""Writing what others are known to write, with a word of ours in it, and finding where it is read.

What a service takes and shows again is its data, whoever asked for it first: a page, a test of the
project's own, a description. Nothing is promised here, so what is refused accuses nobody.
"""

import asyncio
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from quantumlayer.qtest.delivered.calling import NoAnswer, call, json_of
from quantumlayer.qtest.delivered.model import Answer, Exchange, Sent
from quantumlayer.qtest.delivered.probing import is_success
from quantumlayer.qtest.delivered.starter import Running

# Of the shape of `Sample`, and in no text that anybody writes.
WORDS = ("Zorvex", "Quilbo", "Vantru", "Mirkel", "Jasfen", "Dulwim", "Kepzor", "Fyltan")
SECONDS, CALL_SECONDS = 30.0, 3.0
MOST_KEPT, MOST_READS = 4, 40
NAMES_OF_KEYS = ("id", "_id", "uuid", "slug", "key", "code")
OF_BODIES = ("content-type", "content-length")

Kept = tuple[Exchange, str]


@dataclass(frozen=True)
class Draft:
    """A request whose content holds a word that nothing else holds."""

    sent: Sent
    word: str
    sign_in: Sent | None = None


@dataclass
class Known:
    """What is known of how a service is written to, and where it may be read."""

    drafts: list[Draft] = field(default_factory=list)
    reads: list[Sent] = field(default_factory=list)
    shown: list[Sent] = field(default_factory=list)


async def kept_of(running: Running, drafts: Iterable[Draft], reads: Sequence[Sent]) -> list[Kept]:
    """Write these, one of each place, and say what of them can be read, and where."""
    found: dict[str, Kept] = {}
    with suppress(TimeoutError):
        async with asyncio.timeout(SECONDS):
            for draft in drafts:
                if len(found) >= MOST_KEPT:
                    break
                place = f"{draft.sent.method} {draft.sent.path}"
                if place not in found and (kept := await kept_by(running, draft, reads)):
                    found[place] = kept
    return list(found.values())


async def kept_by(running: Running, draft: Draft, reads: Sequence[Sent]) -> Kept | None:
    """What one has left, and where it is read; None where it is refused, or read nowhere."""
    answer = await sent(running, draft.sent)
    if answer is None or not 200 <= answer.status < 400:
        return None
    for read in places_of(draft.sent, answer, reads):
        # What is told once, such as a greeting after a form, is no data.
        if await shows(running, read, draft.word) and await shows(running, read, draft.word):
            exchange = Exchange(
                method=draft.sent.method, path=draft.sent.path, content=draft.sent.content,
                headers=draft.sent.headers, read_path=read.path, expects=draft.word,
                sign_in=draft.sign_in,
            )  # fmt: skip
            return exchange, read.path
    return None


async def kept_shown(running: Running, shown: Sequence[Sent]) -> list[Kept]:
    """Which pictures are there, now that nobody looks at them: what was uploaded is among them."""
    found = []
    for read in shown[:MOST_KEPT]:
        answer = await sent(running, read)
        if answer is not None and is_success(answer) and answer.media_type.startswith("image/"):
            about = Exchange(path=read.path, method="GET", read_path=read.path, expects="")
            found.append((about, read.path))
    return found


async def sent(running: Running, request: Sent) -> Answer | None:
    """The answer to a request, None where none comes."""
    try:
        return await call(
            running, request.path, method=request.method, headers=dict(request.headers),
            content=request.content.encode() if request.content else None, seconds=CALL_SECONDS,
        )  # fmt: skip
    except NoAnswer:
        return None


async def shows(running: Running, read: Sent, word: str) -> bool:
    answer = await sent(running, read)
    return answer is not None and is_success(answer) and word in answer.body


def places_of(write: Sent, answer: Answer, reads: Sequence[Sent]) -> Iterator[Sent]:
    """Where what was written may be read: at its own place, with all others, where pages read."""
    own = urlsplit(write.path).path.rstrip("/")
    paths = [urlsplit(answer.location).path, *(f"{own}/{key}" for key in keys_of(answer)), own]
    if write.method == "PUT":
        paths.insert(0, write.path)
    headers = reading(write.headers)
    seen = set()
    for path in filter(None, [*paths, *(read.path for read in reads[:MOST_READS])]):
        if path.startswith("/") and path not in seen:
            seen.add(path)
            yield Sent(method="GET", path=path, headers=headers)


def keys_of(answer: Answer) -> list[str]:
    """The keys that an answer tells of what was made, which may lie in an envelope."""
    document = json_of(answer)
    if not isinstance(document, dict):
        return []
    inner = [one for one in document.values() if isinstance(one, dict)]
    return [str(one[name]) for one in (document, *inner) for name in NAMES_OF_KEYS
            if isinstance(one.get(name), str | int)]  # fmt: skip


def reading(headers: Iterable[tuple[str, str]]) -> tuple[tuple[str, str], ...]:
    """The headers of a write as a read needs them."""
    return tuple((name, value) for name, value in headers if name.lower() not in OF_BODIES)
