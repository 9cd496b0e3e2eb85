"""Transcripts in the object store: a message is stored once, however long the loop goes on."""

from pydantic import BaseModel, ConfigDict

from quantumlayer.agents.integrator import Entry, Transcript
from quantumlayer.router import Message
from quantumlayer.worker.runtime import Runtime


class _Index(BaseModel):
    """A transcript by the addresses of its messages; `rest` is all else of it."""

    model_config = ConfigDict(frozen=True, extra="forbid")

    opening: tuple[str, ...]
    entries: tuple[tuple[str, str | None], ...]
    rest: Transcript


async def keep_transcript(runtime: Runtime, transcript: Transcript) -> str:
    """Stores a transcript; returns its address."""
    opening = [await runtime.keep(message) for message in transcript.opening]
    entries = [
        (await runtime.keep(one.message), await runtime.keep(one.brief) if one.brief else None)
        for one in transcript.entries
    ]
    rest = transcript.model_copy(update={"opening": (), "entries": ()})
    return await runtime.keep(_Index(opening=tuple(opening), entries=tuple(entries), rest=rest))


async def fetch_transcript(runtime: Runtime, address: str) -> Transcript:
    """The transcript at an address."""
    index = await runtime.fetch(address, _Index)
    opening = [await runtime.fetch(one, Message) for one in index.opening]
    entries = [
        Entry(
            message=await runtime.fetch(message, Message),
            brief=await runtime.fetch_if_any(brief, Message),
        )
        for message, brief in index.entries
    ]
    return index.rest.model_copy(update={"opening": tuple(opening), "entries": tuple(entries)})
