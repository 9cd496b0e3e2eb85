"""Finding what is near. Rows elsewhere say what is remembered; an index only follows them."""

from collections.abc import Collection, Mapping, Sequence
from typing import Protocol
from uuid import UUID


class IndexUnavailable(Exception):  # noqa: N818 - it says what happened
    """The index does not serve; says why."""


class Index(Protocol):
    """Texts of runs by organisation, never across. Every method raises `IndexUnavailable`."""

    async def kept(self, organisation_id: UUID) -> frozenset[UUID]:
        """The runs whose texts are there."""
        ...

    async def remember(self, organisation_id: UUID, texts: Mapping[UUID, str]) -> None:
        """Adds texts (run → text), in place of earlier ones of the same runs."""
        ...

    async def forget(self, organisation_id: UUID, runs: Collection[UUID]) -> None:
        """Deletes the texts of some runs."""
        ...

    async def nearest(self, organisation_id: UUID, text: str, most: int) -> Sequence[UUID]:
        """The runs whose texts share most with a text, nearest first; none that share nothing."""
        ...


async def followed(index: Index, organisation_id: UUID, texts: Mapping[UUID, str]) -> None:
    """Makes an index hold these texts (run → text) and no others. Raises `IndexUnavailable`."""
    there = await index.kept(organisation_id)
    if surplus := there - texts.keys():
        await index.forget(organisation_id, surplus)
    if missing := {run: text for run, text in texts.items() if run not in there}:
        await index.remember(organisation_id, missing)
